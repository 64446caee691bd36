// edxml map: what an agency's edXML file becomes, or why it is refused; offline.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>

#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/mapping.hpp"
#include "adapters/edxml/reader.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/table.hpp"
#include "hub/registry/msgpack_json.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

struct EdxmlOptions {
  std::string file, organisations, mappings;
};

tl::unexpected<Error> failed(const char* operation, const std::string& path) {
  return fail(ErrorCode::io_failed, {{"operation", operation}, {"path", path}, {"reason", std::strerror(errno)}});
}

// Where attachments are unpacked to be looked at; gone with the command.
class Staging {
 public:
  Staging() : path_((std::filesystem::temp_directory_path() / "hubctl-edxml-XXXXXX").string()) {
    if (!::mkdtemp(path_.data())) path_.clear();
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

Result<edxml::File> read_edxml(const std::string& path, const Staging& staging) {
  if (staging.path().empty()) return failed("create", "hubctl-edxml");
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return failed("open", path);
  auto out = edxml::read_edxml(file, staging.path());
  ::close(file);
  return out;
}

// Without a list of organisations each code stands for itself, in lower case.
Result<edxml::Organisations> organisations(const EdxmlOptions& options, const edxml::File& file) {
  if (!options.organisations.empty()) return edxml::Organisations::read(options.organisations);
  std::set<std::string> codes;
  const auto add = [&](const std::string& code) {
    if (!code.empty()) codes.insert(code);
  };
  if (const auto* message = std::get_if<edxml::Message>(&file.content)) {
    add(message->from.organ_id);
    for (const auto& to : message->to) add(to.organ_id);
    for (const auto& reference : message->response_for) add(reference.organ_id);
  } else {
    const auto& status = std::get<edxml::StatusMessage>(file.content);
    add(status.from.organ_id);
    add(status.response_for.organ_id);
  }
  std::vector<edxml::Organisations::Entry> entries;
  std::set<std::string> parties;
  for (const std::string& code : codes) {
    std::string party = code;
    for (char& c : party) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    if (parties.insert(party).second) entries.push_back({party, code, {code}});
  }
  return edxml::Organisations(std::move(entries));
}

std::string cell_text(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

Json attachment_list_json(const std::vector<edxml::Attachment>& attachments) {
  Json out = Json::array();
  for (const edxml::Attachment& attachment : attachments)
    out.push_back({{"name", attachment.name},
                   {"mediatype", attachment.media_type},
                   {"size", attachment.size},
                   {"sha256", to_hex(attachment.sha256)}});
  return out;
}

Json document_json(const edxml::MappedDocument& mapped) {
  const registry::DocumentFields& fields = mapped.fields;
  Json out = {{"type", fields.type},
              {"id", to_text(*fields.id)},
              {"source", fields.source},
              {"to", fields.to},
              {"subject", fields.subject}};
  if (!fields.docnumber.empty()) out["docnumber"] = fields.docnumber;
  if (fields.conversation) out["conversation"] = to_text(*fields.conversation);
  out["urgency"] = fields.urgency;
  if (fields.deliver_at) out["deliverat"] = format_rfc3339(*fields.deliver_at);
  MsgpackReader data(fields.data);
  out["data"] = registry::next_as_json(data);
  return out;
}

int show_document(const Output& output, const edxml::File& file, const edxml::MappedDocument& mapped) {
  const auto& message = std::get<edxml::Message>(file.content);
  std::vector<std::string> notes = file.notes;
  notes.insert(notes.end(), mapped.notes.begin(), mapped.notes.end());
  const Json document = document_json(mapped);
  Rows rows = {{"FIELD", "VALUE"}, {"decided by", mapped.rule + ": " + mapped.why}};
  for (const auto& [name, value] : document.items()) {
    if (name != "data") rows.push_back({name, cell_text(value)});
  }
  for (const auto& [name, value] : document["data"].items()) rows.push_back({"data/" + name, cell_text(value)});
  for (const edxml::Attachment& attachment : mapped.attachments)
    rows.push_back({"attachment", attachment.name + ", " + attachment.media_type + ", " +
                                      std::to_string(attachment.size) + " bytes, SHA-256 " +
                                      to_hex(attachment.sha256)});
  if (message.has_signature) rows.push_back({"signature", "an XML signature is carried; it was not verified"});
  for (const std::string& note : notes) rows.push_back({"note", note});
  return output.done(table(rows), {{"ok", true},
                                   {"kind", "document"},
                                   {"rule", mapped.rule},
                                   {"why", mapped.why},
                                   {"document", document},
                                   {"attachments", attachment_list_json(mapped.attachments)},
                                   {"signature", message.has_signature},
                                   {"notes", notes}});
}

int show_status(const Output& output, const edxml::File& file, const edxml::Organisations& organisations) {
  const auto& status = std::get<edxml::StatusMessage>(file.content);
  const edxml::StatusTarget target = edxml::status_target(status, organisations);
  const int number = static_cast<int>(status.code);
  const std::string code = (number < 10 ? "0" : "") + std::to_string(number);
  Json candidates = Json::array();
  for (const Uuid& id : target.candidates) candidates.push_back(to_text(id));
  const std::string time = status.time ? format_rfc3339(*status.time) : "";
  Rows rows = {{"FIELD", "VALUE"},
               {"status", code},
               {"reporter", target.reporter},
               {"sender", target.sender},
               {"code", target.code},
               {"description", status.description},
               {"time", time}};
  for (const Json& id : candidates) rows.push_back({"document", cell_text(id)});
  for (const std::string& note : file.notes) rows.push_back({"note", note});
  return output.done(table(rows), {{"ok", true},
                                   {"kind", "status"},
                                   {"status", code},
                                   {"reporter", target.reporter},
                                   {"sender", target.sender},
                                   {"code", target.code},
                                   {"description", status.description},
                                   {"time", time},
                                   {"candidates", candidates},
                                   {"notes", file.notes}});
}

int map(const EdxmlOptions& options, const Output& output) {
  const Staging staging;
  const auto file = read_edxml(options.file, staging);
  if (!file) return output.refused(file.error());
  const auto known = organisations(options, *file);
  if (!known) return output.refused(known.error());
  const auto* message = std::get_if<edxml::Message>(&file->content);
  if (!message) return show_status(output, *file, *known);
  auto mappings = options.mappings.empty() ? Result<std::vector<edxml::Mapping>>(std::vector<edxml::Mapping>{})
                                           : edxml::read_mappings(options.mappings);
  if (!mappings) return output.refused(mappings.error());
  const auto mapped = edxml::map_message(*message, *known, *mappings);
  return mapped ? show_document(output, *file, *mapped) : output.refused(mapped.error());
}

}  // namespace

void add_edxml_commands(CLI::App& app, Invocation& invocation) {
  auto* edxml = app.add_subcommand("edxml", "Agencies' edXML files")->require_subcommand(1)->fallthrough();
  auto options = std::make_shared<EdxmlOptions>();
  auto* command = edxml->add_subcommand("map", "What an edXML file becomes, or why it is refused")->fallthrough();
  command->add_option("FILE", options->file, "The edXML file")->required();
  command->add_option("--organisations", options->organisations,
                      "organisations.yaml; without it each code stands for itself");
  command->add_option("--mappings", options->mappings, "A folder of mapping files");
  command->callback(
      [options, &invocation] { invocation.run = [options](const Output& output) { return map(*options, output); }; });
}

}  // namespace hub::app
