#include "hub/agreements/configuration.hpp"

#include "hub/agreements/manifest.hpp"
#include "hub/registry/limits.hpp"
#include "tests/unit/agreements/samples.hpp"

using namespace hub;
using namespace hub::agreements;
using registry::Item;
using registry::ItemKind;

namespace {

std::string configuration_refusal(const Folder& folder) {
  const auto items = load_configuration(folder.path());
  if (items) return "accepted";
  std::string text = refusal_of(items.error());
  const std::string prefix = folder.path().string() + "/";
  if (const auto at = text.find(prefix); at != text.npos) text.erase(at, prefix.size());
  return text;
}
std::string reason(const Result<crypto::KeyId>& result) {
  return result ? "signed" : std::string(code_text(result.error().code)) + fill(" {reason}", result.error().facts);
}

}  // namespace

TEST_CASE("the shipped configuration loads in the order in which the registry takes it, and the same every time") {
  Folder folder;
  deploy(folder);
  const registry::Certificate certificate{"toa-an.huyen", root_key(50).public_key(), UnixMicros(0), UnixMicros(1)};
  const auto id = crypto::key_id(root_key(50).public_key());
  folder.write("credentials/a.json",
               sign_credential(registry::Revocation{"toa-an.huyen", id, UnixMicros(0), "thử"}, root_key(2)) + "\n");
  folder.write("credentials/b.json", sign_credential(certificate, root_key(2)) + "\n");
  const auto items = load_configuration(folder.path());
  if (!items) FAIL(refusal_of(items.error()));
  std::vector<std::string> kinds, names;
  for (const Item& item : *items) {
    if (kinds.empty() || kinds.back() != kind_name(item.kind)) kinds.emplace_back(kind_name(item.kind));
    names.push_back(std::string(kind_name(item.kind)) + " " + item.id);
  }
  CHECK(kinds == std::vector<std::string>{"type", "party", "certificate", "revocation", "agreement"});
  for (std::size_t i = 1; i < items->size(); ++i)
    if ((*items)[i].kind == (*items)[i - 1].kind) CHECK((*items)[i - 1].id < (*items)[i].id);
  const std::string key = "toa-an.huyen/" + to_hex(id);
  for (const std::string& name : std::vector<std::string>{"type pre-trial-notice/1", "party btg.huyen",
                                                          "certificate " + key, "agreement huyen/btg-238",
                                                          "agreement thai-nguyen/bnc/toa-an"})
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  CHECK(*load_configuration(folder.path()) == *items);
  CHECK(build_configuration(*items));
}

TEST_CASE("a configuration without keys loads too: its parties can't take part yet") {
  Folder folder;
  deploy(folder);
  std::filesystem::remove_all(folder.path() / "keys");
  CHECK(configuration_refusal(folder) == "accepted");
}

TEST_CASE("a mistake in any file of a configuration is refused with its place") {
  Folder folder;
  deploy(folder);
  SECTION("a party's unknown field") {
    folder.write("parties/huyen.yaml", "- {id: a.x, name: {vi: A, en: A}, level: district, kind: agency, fax: 1}\n");
    CHECK(configuration_refusal(folder) == "config-invalid parties/huyen.yaml:1:71 /0/fax \"fax\" is not known here");
  }
  SECTION("a party's level") {
    folder.write("parties/x.yaml", "- {id: a.x, name: {vi: A, en: A}, level: county, kind: agency}\n");
    CHECK(has(configuration_refusal(folder), "parties/x.yaml:1:42 /0/level must be one of commune"));
  }
  SECTION("a party described twice") {
    folder.write("parties/x.yaml", "- {id: vks.huyen, name: {vi: A, en: A}, level: district, kind: agency}\n");
    CHECK(has(configuration_refusal(folder), "parties/x.yaml:1:8 /0/id vks.huyen is described twice"));
  }
  SECTION("keys of nobody") {
    folder.write("keys/x.yaml", "- {party: a.x, root_key: " + to_base64(Bytes<32>{}) + ", endpoints: []}\n");
    CHECK(has(configuration_refusal(folder), "keys/x.yaml:1:11 /0/party a.x is described nowhere"));
  }
  SECTION("a key that is none") {
    folder.write("keys/huyen.yaml", "- {party: vks.huyen, root_key: AAAA}\n");
    CHECK(has(configuration_refusal(folder), "keys/huyen.yaml:1:32 /0/root_key 32 bytes in base64"));
  }
  SECTION("an agreement with an unknown party") {
    std::string text = folder.read("agreements/huyen-btg-238.yaml");
    text.replace(text.find("vks.huyen"), 9, "vks.tinh_");
    folder.write("agreements/huyen-btg-238.yaml", text);
    CHECK(has(configuration_refusal(folder), "agreements/huyen-btg-238.yaml:20:11 /parties/vks"));
  }
  SECTION("an agreement with an unknown type") {
    for (const char* version : {"1", "2"})
      std::filesystem::remove(folder.path() / ("types/trial-result-report." + std::string(version) + ".json"));
    CHECK(has(configuration_refusal(folder),
              "/clauses/1/permit/type no version of type \"trial-result-report\" is registered"));
  }
  SECTION("pre-trial information to the press") {
    folder.write("parties/huyen.yaml", folder.read("parties/huyen.yaml") +
                                           "- {id: bao.x, name: {vi: Báo, en: Paper}, level: district, kind: press}\n");
    std::string text = folder.read("agreements/huyen-btg-238.yaml");
    text.replace(text.find("btg.huyen"), 9, "bao.x");
    folder.write("agreements/huyen-btg-238.yaml", text);
    CHECK(has(configuration_refusal(folder),
              "/clauses/0/permit/to pre-trial information must not go to the press (bao.x)"));
  }
  SECTION("a type's keyword outside the subset") {
    std::string text = folder.read("types/trial-result-report.1.json");
    text.replace(text.find("\"maxLength\""), 11, "\"multipleOf\"");
    folder.write("types/trial-result-report.1.json", text);
    CHECK(has(configuration_refusal(folder),
              "types/trial-result-report.1.json:22:23 /schema/properties/judgment_no/multipleOf"));
  }
  SECTION("a credential that another root signed") {
    folder.write("credentials/a.json",
                 sign_credential(registry::Certificate{"vks.huyen", {}, UnixMicros(0), UnixMicros(1)}, root_key(0)));
    CHECK(has(configuration_refusal(folder), "credentials/a.json:1:1 / "));
  }
  SECTION("text that is not in NFC") {
    folder.write("parties/x.yaml", "- {id: a.x, name: {vi: A\u0301, en: A}, level: district, kind: agency}\n");
    CHECK(has(configuration_refusal(folder), "not in NFC"));
  }
  SECTION("an agreement that stands in two files") {
    folder.write("agreements/z.yaml", folder.read("agreements/huyen-btg-238.yaml"));
    CHECK(has(configuration_refusal(folder), "agreements/z.yaml:1:1 / huyen/btg-238 stands in two files"));
  }
}

TEST_CASE("a configuration file has at most 1 MiB, and the folder must be there") {
  Folder folder;
  deploy(folder);
  const std::string text = folder.read("parties/huyen.yaml");
  folder.write("parties/huyen.yaml", text + std::string(registry::kConfigurationFileBytesMax - text.size(), '\n'));
  CHECK(configuration_refusal(folder) == "accepted");
  folder.write("parties/huyen.yaml", text + std::string(registry::kConfigurationFileBytesMax - text.size() + 1, '\n'));
  CHECK(has(configuration_refusal(folder), "file-too-large"));
  const auto missing = load_configuration(folder.path() / "nowhere");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == ErrorCode::not_found);
}

TEST_CASE("a manifest vouches for exactly the items that an administrator signed") {
  Folder folder;
  deploy(folder);
  auto items = *load_configuration(folder.path());
  const auto administrator = root_key(70), stranger = root_key(71);
  const std::vector<crypto::PublicKey> known = {root_key(72).public_key(), administrator.public_key()};
  const std::string file = sign_manifest(items, administrator);
  CHECK(file.find(manifest_text(items)) != std::string::npos);
  const auto signer = verify_manifest(items, file + "\n", known);
  REQUIRE(signer);
  CHECK(*signer == crypto::key_id(administrator.public_key()));
  CHECK(reason(verify_manifest(items, sign_manifest(items, stranger), known)).starts_with("administrator-unknown"));

  CHECK(reason(verify_manifest_file(folder.path(), items, known)).find("manifest.json is missing") !=
        std::string::npos);
  folder.write("manifest.json", file + "\n");
  CHECK(reason(verify_manifest_file(folder.path(), items, known)) == "signed");

  nlohmann::json forged = nlohmann::json::parse(file);
  forged["signature"] = nlohmann::json::parse(sign_manifest(items, stranger))["signature"];
  CHECK(reason(verify_manifest(items, forged.dump(), known)) ==
        "config-unsigned the signature does not fit the manifest");
  CHECK(reason(verify_manifest(items, "{}", known)).starts_with("config-unsigned"));
  CHECK(reason(verify_manifest(items, "", known)).starts_with("config-unsigned"));

  auto changed = items;
  changed[3].canonical += " ";
  CHECK(reason(verify_manifest(changed, file, known)) == "config-unsigned item 4, " + changed[3].id + ", differs");
  items.pop_back();
  CHECK(reason(verify_manifest(items, file, known)) == "config-unsigned " + std::to_string(changed.size()) + " items are signed, " + std::to_string(items.size()) + " are there");
}
