#include "hub/agreements/configuration.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "hub/agreements/bilateral.hpp"
#include "hub/agreements/configuration_files.hpp"
#include "hub/agreements/type_file.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/nfc.hpp"

namespace hub::agreements {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using registry::Fault;
using registry::Item;
using registry::ItemKind;
using registry::Marks;

Error in_file(const Error& error, const fs::path& path) {
  Marks marks(path.string());
  return marks.invalid({"", describe(error, Language::english)});
}

class Loader {
 public:
  explicit Loader(const fs::path& folder) : folder_(folder) {}

  Result<std::vector<Item>> run(bool with_agreements) {
    std::error_code error;
    if (!fs::is_directory(folder_, error)) return fail(ErrorCode::not_found, {{"path", folder_.string()}});
    const auto step = [&](const char* name, const char* extension, auto member) -> Result<void> {
      const auto files = files_of(folder_ / name, extension);
      if (!files) return tl::unexpected(files.error());
      for (const fs::path& file : *files)
        if (auto done = (this->*member)(file); !done) return done;
      return {};
    };
    if (auto done = step("types", ".json", &Loader::type); !done) return tl::unexpected(done.error());
    if (auto done = step("parties", ".yaml", &Loader::parties); !done) return tl::unexpected(done.error());
    if (auto done = step("keys", ".yaml", &Loader::keys); !done) return tl::unexpected(done.error());
    if (auto done = take_parties(); !done) return tl::unexpected(done.error());
    if (auto done = step("credentials", ".json", &Loader::credential); !done) return tl::unexpected(done.error());
    if (auto done = take_credentials(); !done) return tl::unexpected(done.error());
    if (with_agreements)
      if (auto done = step("agreements", ".yaml", &Loader::agreement); !done) return tl::unexpected(done.error());
    std::sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
      return std::tuple(order(a.kind), std::string_view(a.id)) < std::tuple(order(b.kind), std::string_view(b.id));
    });
    return std::move(items_);
  }

 private:
  struct Described {
    registry::PartyDescription party;
    fs::path file;
  };

  static int order(ItemKind kind) {
    constexpr ItemKind kOrder[] = {ItemKind::type, ItemKind::party, ItemKind::certificate, ItemKind::revocation,
                                   ItemKind::agreement};
    return static_cast<int>(std::find(std::begin(kOrder), std::end(kOrder), kind) - std::begin(kOrder));
  }

  Result<Marks> parse(const fs::path& file, Json& out) {
    const auto text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    auto marks = registry::parse_yaml_strict(*text, file.string(), out);
    // Signed text is never changed: what is not in NFC must be written so.
    if (marks && registry::nfc(*text) != *text) return tl::unexpected(marks->invalid({"", "the file is not in NFC"}));
    return marks;
  }

  Result<void> take(Item item, const fs::path& file) {
    if (!taken_.emplace(item.kind, item.id).second)
      return tl::unexpected(Marks(file.string()).invalid({"", item.id + " stands in two files"}));
    if (item.kind != ItemKind::agreement)
      if (auto applied = registry_.apply(item); !applied) return tl::unexpected(in_file(applied.error(), file));
    items_.push_back(std::move(item));
    return {};
  }

  Result<void> type(const fs::path& file) {
    auto read = read_type_file(file);
    if (!read) return tl::unexpected(read.error());
    return take(std::move(read->item), file);
  }

  // Hands each element of a file's list to `use`.
  template <class Use>
  Result<void> each(const fs::path& file, Use use) {
    Json value;
    const auto marks = parse(file, value);
    if (!marks) return tl::unexpected(marks.error());
    Fault fault;
    if (!value.is_array()) fault.set("", "a list was expected");
    for (std::size_t i = 0; value.is_array() && i < value.size(); ++i)
      use(value[i], registry::child_pointer("", i), fault);
    if (fault.found()) return tl::unexpected(marks->invalid(fault));
    return {};
  }

  Result<void> parties(const fs::path& file) {
    return each(file, [&](const Json& value, const std::string& pointer, Fault& fault) {
      auto party = registry::read_party(value, pointer, fault);
      const std::string id = party.id;
      if (!described_.emplace(id, Described{std::move(party), file}).second)
        fault.set(pointer + "/id", id + " is described twice");
    });
  }

  Result<void> keys(const fs::path& file) {
    return each(file, [&](const Json& value, const std::string& pointer, Fault& fault) {
      auto keys = registry::read_party_keys(value, pointer, fault);
      const auto found = described_.find(keys.party);
      if (found == described_.end()) return fault.set(pointer + "/party", keys.party + " is described nowhere");
      auto& party = found->second.party;
      if (party.root_key) return fault.set(pointer + "/party", keys.party + " has its keys already");
      party.root_key = keys.root_key;
      party.endpoints = std::move(keys.endpoints);
    });
  }

  Result<void> take_parties() {
    for (const auto& [id, described] : described_)
      if (auto done = take({ItemKind::party, id, registry::canonical_party(described.party)}, described.file); !done)
        return done;
    return {};
  }

  Result<void> credential(const fs::path& file) {
    const auto text = read_file(file);
    if (!text) return tl::unexpected(text.error());
    auto read = registry::read_credential(*text);
    if (!read) return tl::unexpected(in_file(read.error(), file));
    credentials_.emplace_back(std::move(*read), file);
    return {};
  }

  // Certificates first: a revocation needs the certificate that it revokes.
  Result<void> take_credentials() {
    for (const ItemKind kind : {ItemKind::certificate, ItemKind::revocation}) {
      for (const auto& [read, file] : credentials_) {
        if (std::holds_alternative<registry::Revocation>(read.statement) != (kind == ItemKind::revocation)) continue;
        if (auto done = take({kind, read.party() + "/" + to_hex(read.key_id()), read.text}, file); !done) return done;
      }
    }
    return {};
  }

  Result<void> agreement(const fs::path& file) {
    Json value;
    const auto marks = parse(file, value);
    if (!marks) return tl::unexpected(marks.error());
    Fault fault;
    const Agreement read = read_agreement(value, fault);
    if (value.contains("root_keys"))
      fault.set("/root_keys", "stands in the canonical form alone, from the parties' keys");
    check_against(registry_, read, fault);
    if (fault.found()) return tl::unexpected(marks->invalid(fault));
    for (const Json& one : bilateral_agreements(value))
      if (auto taken = take_agreement(one, *marks); !taken) return taken;
    return {};
  }

  Result<void> take_agreement(const Json& value, const Marks& marks) {
    const auto read = read_agreement(value, marks);
    if (!read) return tl::unexpected(read.error());
    auto canonical = canonical_agreement(value, *read, registry_);
    if (!canonical) return tl::unexpected(in_file(canonical.error(), marks.file()));
    return take({ItemKind::agreement, read->id, std::move(*canonical)}, marks.file());
  }

  fs::path folder_;
  registry::Registry registry_;
  std::map<std::string, Described> described_;
  std::vector<std::pair<registry::Credential, fs::path>> credentials_;
  std::vector<Item> items_;
  std::set<std::pair<ItemKind, std::string>> taken_;
};

}  // namespace

Result<std::vector<Item>> load_configuration(const fs::path& folder) { return Loader(folder).run(true); }

Result<std::vector<Item>> load_registry(const fs::path& folder) { return Loader(folder).run(false); }

Result<Configuration> build_configuration(std::span<const Item> items) {
  Configuration out;
  std::map<std::string, Agreement> agreements;
  for (const Item& item : items) {
    if (item.kind == ItemKind::agreement) {
      auto agreement = parse_canonical(item.canonical);
      if (!agreement) return tl::unexpected(agreement.error());
      agreements.insert_or_assign(item.id, std::move(*agreement));
    } else if (item.kind != ItemKind::administrator) {
      if (auto applied = out.registry.apply(item); !applied) return tl::unexpected(applied.error());
    }
  }
  std::vector<Agreement> in_order;
  for (auto& [id, agreement] : agreements) in_order.push_back(std::move(agreement));
  auto table = DecisionTable::compile(out.registry, std::move(in_order));
  if (!table) return tl::unexpected(table.error());
  out.table = std::move(*table);
  return Result<Configuration>(std::move(out));
}

}  // namespace hub::agreements
