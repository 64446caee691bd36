#include "adapters/folder/edxml_files.hpp"

#include <filesystem>
#include <memory>
#include <utility>

#include "adapters/edxml/document_id.hpp"
#include "adapters/edxml/reader.hpp"
#include "adapters/edxml/refusal.hpp"
#include "adapters/folder/intake.hpp"
#include "hub/base/check.hpp"
#include "hub/registry/limits.hpp"

namespace hub::folder {
namespace {

namespace fs = std::filesystem;

// What a thread beside the adapter's gets: copies, and what nobody changes.
struct Task {
  sdk::FileIdentity file;
  std::string party, root, staging;  // root: of all staging folders
  const Folder* outbox = nullptr;
  const EdxmlSetup* setup = nullptr;
};

Result<void> make_empty(const Task& task) {
  std::error_code error;
  fs::remove_all(task.staging, error);
  if (error)
    return fail(ErrorCode::io_failed,
                {{"operation", "remove"}, {"path", task.staging}, {"reason", error.message()}});
  if (auto made = content::make_folder(task.root); !made) return made;
  return content::make_folder(task.staging);
}

Result<void> sync_attachments(const Task& task, const edxml::MappedDocument& document) {
  for (const edxml::Attachment& attachment : document.attachments) {
    const auto file = content::File::open_to_write(attachment.path);
    if (!file) return tl::unexpected(file.error());
    if (auto synced = file->sync_data(); !synced) return synced;
  }
  return content::sync_folder(task.staging);
}

edxml::DocumentReference reference_of(const edxml::Message& message) {
  edxml::DocumentReference out;
  out.organ_id = message.from.organ_id;
  out.code = message.code_number + "/" + message.code_notation;
  out.promulgation_date = message.promulgation_date;
  out.document_id = message.document_id.empty()
                        ? edxml::standard_document_id(out.organ_id, message.promulgation_date, out.code)
                        : message.document_id;
  return out;
}

Result<edxml::MappedDocument> map(const Task& task, const edxml::Message& message) {
  auto mapped = edxml::map_message(message, task.setup->organisations, task.setup->mappings);
  if (!mapped) return mapped;
  if (mapped->fields.source != task.party)
    return edxml::refuse(message.from.line,
                         "nơi gửi " + message.from.organ_id + " là " + mapped->fields.source + ", không phải " +
                             task.party + " là bên của hộp thư này",
                         "the sender " + message.from.organ_id + " is " + mapped->fields.source + ", not " +
                             task.party + ", whose outbox this is");
  constexpr auto kMax = static_cast<std::size_t>(registry::kAttachmentsMax);
  if (mapped->attachments.size() > kMax)
    return tl::unexpected(
        edxml::beyond(mapped->attachments[kMax].line, "số tệp kèm theo", "attachments", kMax));
  if (auto synced = sync_attachments(task, *mapped); !synced) return tl::unexpected(synced.error());
  return mapped;
}

EdxmlRead refused(EdxmlRead read, Error error) {
  read.kind = EdxmlRead::Kind::refused;
  read.error = std::move(error);
  // The parser knows no name of its file.
  for (Fact& fact : read.error.facts)
    if (fact.name == "path" && fact.value == "edXML") fact.value = read.file.name;
  return read;
}

EdxmlRead read_file(const Task& task) {
  EdxmlRead out;
  out.file = task.file;
  const OpenedFile opened = open_agency_file(*task.outbox, task.file.name);
  if (opened.kind == FileRead::Kind::refused) return refused(std::move(out), opened.error);
  if (opened.kind != FileRead::Kind::content || opened.identity != task.file) return out;
  if (auto made = make_empty(task); !made) return refused(std::move(out), made.error());
  auto file = edxml::read_edxml(opened.descriptor, task.staging);
  if (!opened.is_unchanged()) return out;
  if (!file) return refused(std::move(out), file.error());
  out.content = file->sha256;
  if (auto* status = std::get_if<edxml::StatusMessage>(&file->content)) {
    out.kind = EdxmlRead::Kind::status;
    out.status = std::move(*status);
    return out;
  }
  const auto& message = std::get<edxml::Message>(file->content);
  auto mapped = map(task, message);
  if (!mapped) return refused(std::move(out), mapped.error());
  out.kind = EdxmlRead::Kind::document;
  out.document = std::move(*mapped);
  out.document.notes.insert(out.document.notes.begin(), file->notes.begin(), file->notes.end());
  out.reference = reference_of(message);
  out.line = message.header_line;
  return out;
}

}  // namespace

EdxmlFiles::EdxmlFiles(std::string party, const Folder& outbox, const std::string& state, const EdxmlSetup* setup,
                       Background& background)
    : party_(std::move(party)), outbox_(outbox), staged_(state + "/edxml"), setup_(setup), background_(background) {}

std::string EdxmlFiles::folder_of(const sdk::FileIdentity& file) const {
  Buffer text;
  append_le(text, file.inode);
  append_le(text, file.modified_ns);
  append(text, as_bytes(file.name));
  return staged_ + "/" + to_hex(crypto::sha256(text)).substr(0, 32);
}

void EdxmlFiles::read(const sdk::FileIdentity& file, std::uint64_t bytes) {
  HUB_CHECK(setup_ != nullptr);
  reading_.insert(file.name);
  background_.start(Background::lane_of(bytes),
                    [this, task = Task{file, party_, staged_, folder_of(file), &outbox_, setup_}] {
                      auto read = std::make_shared<EdxmlRead>(read_file(task));
                      return [this, read]() -> Result<void> {
                        if (read->kind != EdxmlRead::Kind::document) forget(read->file);
                        read_.push_back(std::move(*read));
                        return {};
                      };
                    });
}

std::vector<EdxmlRead> EdxmlFiles::take() {
  for (const EdxmlRead& read : read_) reading_.erase(read.file.name);
  return std::exchange(read_, {});
}

Result<content::File> EdxmlFiles::open_attachment(const sdk::FileIdentity& file, const std::string& attachment) const {
  auto opened = content::File::open_to_read(folder_of(file) + "/" + attachment);
  if (!opened)
    return fail(ErrorCode::attachment_unreadable, {{"file", file.name + "/" + attachment},
                                                   {"reason_vi", "không mở được bản đã giải nén của tệp kèm theo"},
                                                   {"reason_en", "the unpacked attachment can't be opened"}});
  return opened;
}

void EdxmlFiles::forget(const sdk::FileIdentity& file) const {
  std::error_code ignored;  // what stays is removed at the next start
  fs::remove_all(folder_of(file), ignored);
}

void EdxmlFiles::keep_only(const std::vector<sdk::FileIdentity>& files) const {
  std::set<std::string> kept;
  for (const sdk::FileIdentity& file : files) kept.insert(folder_of(file));
  std::error_code ignored;  // nothing is staged yet; what can't be removed costs room alone
  for (fs::directory_iterator entry(staged_, ignored), end; !ignored && entry != end; entry.increment(ignored))
    if (!kept.contains(entry->path().string())) fs::remove_all(entry->path(), ignored);
}

}  // namespace hub::folder
