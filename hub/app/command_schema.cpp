// schema check, list, show, diff, validate: message types, from files or a configuration folder, offline.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "hub/agreements/configuration_files.hpp"
#include "hub/app/commands.hpp"
#include "hub/app/configuration_option.hpp"
#include "hub/app/schema_text.hpp"
#include "hub/app/schema_validate.hpp"
#include "hub/app/table.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/names.hpp"
#include "hub/registry/schema_diff.hpp"

namespace hub::app {
namespace {

using agreements::read_type_file;
using agreements::TypeFile;

struct SchemaOptions {
  std::string configuration;
  std::vector<std::string> files;
  std::string type, other;
};

Result<std::vector<TypeFile>> read_all(const std::vector<std::string>& files) {
  std::vector<TypeFile> out;
  for (const std::string& file : files) {
    auto read = read_type_file(file);
    if (!read) return tl::unexpected(read.error());
    out.push_back(std::move(*read));
  }
  return out;
}

Result<std::vector<TypeFile>> configured(const std::string& configuration) {
  const std::string folder = configuration + "/types";
  if (std::error_code error; !std::filesystem::is_directory(folder, error))
    return fail(ErrorCode::not_found, {{"path", folder}});
  const auto files = agreements::files_of(folder, ".json");
  if (!files) return tl::unexpected(files.error());
  return read_all({files->begin(), files->end()});
}

// What `name` means: the id of a configured type, else a file.
Result<TypeFile> find(const std::string& name, const std::string& configuration) {
  if (!registry::is_type_id(name)) return read_type_file(name);
  auto types = configured(configuration);
  if (!types) return tl::unexpected(types.error());
  const auto found = std::find_if(types->begin(), types->end(), [&](const TypeFile& t) { return t.type.id == name; });
  if (found == types->end()) return fail(ErrorCode::not_found, {{"path", name + " (" + configuration + "/types)"}});
  return std::move(*found);
}

int check_types(const SchemaOptions& options, const Output& output) {
  bool good = true;
  nlohmann::ordered_json files = nlohmann::ordered_json::array();
  for (const std::string& file : options.files) {
    const auto read = read_type_file(file);
    good = good && read;
    if (output.json) {
      files.push_back({{"file", file}, {"ok", read.has_value()}});
      read ? files.back()["type"] = read->type.id : files.back()["error"] = to_json(read.error());
    } else if (read) {
      output.done(file + ": good, " + read->type.id, {});
    } else {
      output.refused(read.error());
    }
  }
  if (output.json) output.done("", {{"ok", good}, {"files", files}});
  return good ? kDone : kRefused;
}

int list_types(const SchemaOptions& options, const Output& output) {
  const auto types = options.files.empty() ? configured(options.configuration) : read_all(options.files);
  if (!types) return output.refused(types.error());
  std::vector<std::vector<std::string>> rows = {{"TYPE", "KIND", "LABEL", "ATTACHMENTS"}};
  nlohmann::ordered_json value = nlohmann::ordered_json::array();
  for (const TypeFile& file : *types) {
    const registry::Type& type = file.type;
    rows.push_back({type.id, registry::kind_name(type.kind), type.label_vi, attachments_text(type.attachments)});
    value.push_back({{"type", type.id},
                     {"kind", registry::kind_name(type.kind)},
                     {"label", {{"vi", type.label_vi}, {"en", type.label_en}}},
                     {"attachments", attachments_json(type.attachments)},
                     {"file", file.path.string()}});
  }
  return output.done(table(rows), value);
}

int show_type(const SchemaOptions& options, const Output& output) {
  const auto file = find(options.type, options.configuration);
  if (!file) return output.refused(file.error());
  return output.done(type_text(*file), nlohmann::ordered_json::parse(file->text));
}

std::string whom(const registry::SchemaChange& change) {
  if (change.breaks_senders && change.breaks_recipients) return "breaks senders and recipients";
  if (change.breaks_senders) return "breaks senders";
  return change.breaks_recipients ? "breaks recipients" : "breaks nobody";
}

int diff(const SchemaOptions& options, const Output& output) {
  const auto before = find(options.type, options.configuration), after = find(options.other, options.configuration);
  for (const auto* file : {&before, &after})
    if (!*file) return output.refused(file->error());
  const auto schema_of = [](const TypeFile& file) { return nlohmann::json::parse(file.text)["schema"]; };
  if (registry::type_name(before->type.id) != registry::type_name(after->type.id))
    return output.refused(usage(before->type.id + " and " + after->type.id + " are no versions of one type"));
  auto changes = registry::diff_schemas(schema_of(*before), schema_of(*after));
  if (!changes) return output.refused(changes.error());
  for (auto& change : registry::diff_types(before->type, after->type)) changes->push_back(std::move(change));
  bool senders = false, recipients = false;
  std::string text;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const registry::SchemaChange& change : *changes) {
    senders = senders || change.breaks_senders;
    recipients = recipients || change.breaks_recipients;
    text += change.pointer + "  " + whom(change) + "\n  " + change.vietnamese + "\n  " + change.english + "\n";
    list.push_back({{"pointer", change.pointer},
                    {"vi", change.vietnamese},
                    {"en", change.english},
                    {"breaks_senders", change.breaks_senders},
                    {"breaks_recipients", change.breaks_recipients}});
  }
  const std::string conclusion = whom(
      {.pointer = {}, .vietnamese = {}, .english = {}, .breaks_senders = senders, .breaks_recipients = recipients});
  output.done(text + before->type.id + " → " + after->type.id + ": " + conclusion, {{"old", before->type.id},
                                                                                    {"new", after->type.id},
                                                                                    {"breaks_senders", senders},
                                                                                    {"breaks_recipients", recipients},
                                                                                    {"changes", list}});
  return senders || recipients ? kRefused : kDone;
}

int validate(const SchemaOptions& options, const Output& output) {
  const auto file = find(options.type, options.configuration);
  if (!file) return output.refused(file.error());
  const auto valid = validate_file(file->type, options.other);
  if (!valid) {
    if (!output.json && valid.error().code != ErrorCode::io_failed)
      std::fprintf(stderr, "%s\n", fill("{file}:{line}:{column}", valid.error().facts).c_str());
    return output.refused(valid.error());
  }
  nlohmann::ordered_json value = {{"ok", true}, {"type", file->type.id}};
  std::string text = options.other + ": đúng quy định của " + file->type.id + " / follows " + file->type.id;
  if (!valid->subject.empty()) {
    value["subject"] = valid->subject;
    text += "\ntrích yếu / subject: " + valid->subject;
  }
  return output.done(text, value);
}

}  // namespace

void add_schema_commands(CLI::App& app, Invocation& invocation) {
  auto* schema = app.add_subcommand("schema", "Message types")->require_subcommand(1)->fallthrough();
  auto options = std::make_shared<SchemaOptions>();
  const auto verb = [&](const char* name, const char* about, int (*run)(const SchemaOptions&, const Output&)) {
    auto* command = schema->add_subcommand(name, about)->fallthrough();
    command->callback([options, &invocation, run] {
      invocation.run = [options, run](const Output& output) { return run(*options, output); };
    });
    return command;
  };
  auto* check_command = verb("check", "Check files of types, all of them", check_types);
  check_command->add_option("FILE", options->files, "Files of types")->required();
  auto* list_command = verb("list", "The types of a configuration, or of files", list_types);
  add_configuration_option(*list_command, options->configuration);
  list_command->add_option("FILE", options->files, "Files of types, instead of a configuration's");
  auto* show_command = verb("show", "A type and its fields; with --json its file", show_type);
  add_configuration_option(*show_command, options->configuration);
  show_command->add_option("TYPE", options->type, "A type's id, or its file")->required();
  auto* diff_command = verb("diff", "What changed, and for whom it breaks; 1 when it does for anybody", diff);
  add_configuration_option(*diff_command, options->configuration);
  diff_command->add_option("OLD", options->type, "A type's id, or its file")->required();
  diff_command->add_option("NEW", options->other, "A type's id, or its file")->required();
  auto* validate_command = verb("validate", "Whether a document follows its type", validate);
  add_configuration_option(*validate_command, options->configuration);
  validate_command->add_option("TYPE", options->type, "A type's id, or its file")->required();
  validate_command->add_option("FILE", options->other, "A notice as agencies drop it, or its data alone")->required();
}

}  // namespace hub::app
