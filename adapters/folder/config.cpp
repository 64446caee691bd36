#include "adapters/folder/config.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "hub/registry/names.hpp"
#include "hub/registry/object_reader.hpp"

namespace hub::folder {
namespace {

using Json = nlohmann::json;

struct Parsed {
  Json json;
  registry::Marks marks{""};
};

Result<Parsed> parse(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return fail(ErrorCode::io_failed, {{"operation", "open"}, {"path", path}, {"reason", std::strerror(errno)}});
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  Parsed out;
  auto marks = registry::parse_yaml_strict(text, path, out.json);
  if (!marks) return tl::unexpected(marks.error());
  out.marks = std::move(*marks);
  return out;
}

std::optional<Bytes<32>> key_of(const std::string& text) {
  const auto bytes = from_base64(text);
  return bytes ? fixed<32>(*bytes) : std::nullopt;
}

Result<sdk::Pins> read_roots(const std::string& path) {
  const auto parsed = parse(path);
  if (!parsed) return tl::unexpected(parsed.error());
  registry::Fault fault;
  if (!parsed->json.is_object()) fault.set("", "a map of party ids to root keys was expected");
  sdk::Pins out;
  for (const auto& [party, key] : parsed->json.is_object() ? parsed->json.get_ref<const Json::object_t&>()
                                                           : Json::object_t()) {
    const auto bytes = key.is_string() ? key_of(key.get_ref<const std::string&>()) : std::nullopt;
    if (!registry::is_party_id(party)) fault.set(registry::child_pointer("", party), "this is no party's id");
    if (!bytes) fault.set(registry::child_pointer("", party), "the base64 of a 32-byte root key was expected");
    if (bytes) out.emplace(party, *bytes);
  }
  if (fault.found()) return tl::unexpected(parsed->marks.invalid(fault));
  return out;
}

struct Paths {
  std::string transport_key, signing_key, roots;
  std::string organisations, mappings;  // empty: none
  bool edxml_inbox = false;
};

void read_edxml(registry::ObjectReader edxml, const std::filesystem::path& folder, Paths& paths) {
  paths.organisations = (folder / edxml.text("organisations")).lexically_normal().string();
  const std::string mappings = edxml.text_or("mappings", "");
  if (!mappings.empty()) paths.mappings = (folder / mappings).lexically_normal().string();
  const std::string inbox = edxml.text_or("inbox", "json");
  if (inbox != "json" && inbox != "edxml") edxml.refuse("inbox", "json or edxml was expected");
  paths.edxml_inbox = inbox == "edxml";
  edxml.refuse_unknown();
}

Result<EdxmlSetup> read_setup(const Paths& paths) {
  auto organisations = edxml::Organisations::read(paths.organisations);
  if (!organisations) return tl::unexpected(organisations.error());
  std::vector<edxml::Mapping> mappings;
  if (!paths.mappings.empty()) {
    auto read = edxml::read_mappings(paths.mappings);
    if (!read) return tl::unexpected(read.error());
    mappings = std::move(*read);
  }
  return EdxmlSetup{std::move(*organisations), std::move(mappings), paths.edxml_inbox};
}

void read_members(const Json& json, const std::filesystem::path& folder, registry::Fault& fault, Config& out,
                  Paths& paths) {
  registry::ObjectReader root(json, "", fault);
  out.party = root.text("party");
  out.endpoint = root.text("endpoint");
  if (!root.failed() && !registry::is_party_id(out.party)) root.refuse("party", "this is no party's id");
  if (!root.failed() && !(registry::is_endpoint_id(out.endpoint) && out.endpoint.starts_with(out.party + "/")))
    root.refuse("endpoint", "an endpoint of the party was expected, such as " + out.party + "/folder");
  registry::ObjectReader hub = root.object("hub");
  out.hub_address = hub.text("address");
  if (!root.failed() && !out.hub_address.starts_with("tcp://"))
    hub.refuse("address", "an address such as tcp://127.0.0.1:7400 was expected");
  const auto hub_key = key_of(hub.text("transport_key"));
  if (!root.failed() && !hub_key) hub.refuse("transport_key", "the base64 of a 32-byte key was expected");
  out.hub_key = hub_key.value_or(Bytes<32>{});
  for (const Json& text : hub.array("tree_keys")) {
    const auto key = text.is_string() ? crypto::parse_verifier_key(text.get_ref<const std::string&>())
                                      : Result<crypto::NoteKey>(fail(ErrorCode::verifier_key_invalid));
    if (!key) hub.refuse("tree_keys", "verifier keys as `hubctl log key` prints them were expected");
    if (key) out.tree_keys.push_back(*key);
  }
  hub.refuse_unknown();
  registry::ObjectReader keys = root.object("keys");
  const auto path = [&](registry::ObjectReader& reader, const char* name) {
    return (folder / reader.text(name)).lexically_normal().string();
  };
  paths.transport_key = path(keys, "transport");
  paths.signing_key = path(keys, "signing");
  keys.refuse_unknown();
  paths.roots = path(root, "roots");
  out.credentials = path(root, "credentials");
  out.agency = path(root, "agency");
  out.state = path(root, "state");
  if (root.has("as_of")) {
    out.as_of = parse_rfc3339(root.text("as_of"));
    if (!out.as_of) root.refuse("as_of", "a time such as 2024-03-12T08:00:00+07:00 was expected");
  }
  if (root.has("log")) out.log = log::read_settings(root.object("log"), folder);
  if (root.has("edxml")) read_edxml(root.object("edxml"), folder, paths);
  root.refuse_unknown();
}

}  // namespace

Result<Config> read_config(const std::string& path) {
  const auto parsed = parse(path);
  if (!parsed) return tl::unexpected(parsed.error());
  registry::Fault fault;
  Config out;
  Paths paths;
  if (parsed->json.is_object()) {
    read_members(parsed->json, std::filesystem::path(path).parent_path(), fault, out, paths);
  } else {
    fault.set("", "a map was expected");
  }
  if (fault.found()) return tl::unexpected(parsed->marks.invalid(fault));
  auto transport = crypto::read_key_file(paths.transport_key, "transport", /*secret=*/true);
  if (!transport) return tl::unexpected(transport.error());
  auto signing = crypto::read_key_file(paths.signing_key, "signing", /*secret=*/true);
  if (!signing) return tl::unexpected(signing.error());
  auto pins = read_roots(paths.roots);
  if (!pins) return tl::unexpected(pins.error());
  if (!paths.organisations.empty()) {
    auto edxml = read_setup(paths);
    if (!edxml) return tl::unexpected(edxml.error());
    out.edxml = std::move(*edxml);
  }
  out.transport_key = std::move(*transport);
  out.signing_key = std::move(*signing);
  out.pins = std::move(*pins);
  return out;
}

}  // namespace hub::folder
