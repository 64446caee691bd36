#include "adapters/folder/attachments.hpp"

#include <algorithm>

#include "adapters/folder/agency_folder.hpp"
#include "adapters/folder/intake.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/registry/limits.hpp"

namespace hub::folder {
namespace {

Error unreadable(const std::string& path, const char* vietnamese, const char* english) {
  return {ErrorCode::attachment_unreadable, {{"file", path}, {"reason_vi", vietnamese}, {"reason_en", english}}};
}

// What the agency's file says itself must be true.
std::optional<Error> contradiction(const registry::AttachmentFields& said, std::uint64_t size,
                                   const crypto::Digest& digest) {
  if (said.size.value_or(size) == size && said.sha256.value_or(digest) == digest) return std::nullopt;
  const auto text = [](const crypto::Digest& d, std::uint64_t s) { return to_hex(d) + ", " + std::to_string(s); };
  return Error{ErrorCode::attachment_digest_wrong,
               {{"actual", text(digest, size)},
                {"expected", text(said.sha256.value_or(digest), said.size.value_or(size))},
                {"file", said.file}}};
}

}  // namespace

std::string attachments_folder(std::string_view file_name) {
  file_name.remove_suffix(suffix_of(file_name).size());
  return std::string(file_name) + ".files";
}

Result<content::File> open_attachment(const Folder& outbox, const std::string& file_name,
                                      const std::string& attachment) {
  const std::string name = attachments_folder(file_name) + "/" + attachment;
  auto file = content::File::open_to_read(outbox.path() + "/" + name);
  if (!file)
    return tl::unexpected(unreadable(name, "không có tệp này, hoặc không mở được",
                                     "there is no such regular file, or it can't be opened"));
  return file;
}

bool Measuring::Job::done() const {
  return error || std::all_of(files.begin(), files.end(), [](const One& one) { return one.digest.has_value(); });
}

Result<bool> Measuring::fill(const sdk::FileIdentity& file, std::vector<registry::AttachmentFields>& attachments) {
  auto entry = jobs_.find(file.name);
  if (entry != jobs_.end() && entry->second.file != file) {  // it is another file by now
    jobs_.erase(entry);
    entry = jobs_.end();
  }
  if (entry == jobs_.end()) {
    if (jobs_.size() >= kDocumentsAtOnce) {
      turned_away_ = true;
      return false;
    }
    Job job{file, {}, {}};
    for (const registry::AttachmentFields& attachment : attachments) job.files.push_back({attachment.file, 0, {}, {}});
    entry = jobs_.emplace(file.name, std::move(job)).first;
  }
  if (!entry->second.done()) return false;
  const Job job = std::move(entry->second);
  jobs_.erase(entry);
  finished_ = finished_ || std::exchange(turned_away_, false);
  if (job.error) return tl::unexpected(*job.error);
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    if (auto wrong = contradiction(attachments[i], job.files[i].size, *job.files[i].digest))
      return tl::unexpected(std::move(*wrong));
    attachments[i].size = job.files[i].size;
    attachments[i].sha256 = job.files[i].digest;
  }
  return true;
}

bool Measuring::work(const Folder& outbox) {
  for (auto& [name, job] : jobs_) {
    if (job.done()) continue;
    read_some(outbox, job);
    finished_ = finished_ || job.done();
    break;
  }
  return busy();
}

void Measuring::read_some(const Folder& outbox, Job& job) {
  const auto one = std::find_if(job.files.begin(), job.files.end(), [](const One& o) { return !o.digest; });
  const auto file = open_attachment(outbox, job.file.name, one->name);
  if (!file) {
    job.error = file.error();
    return;
  }
  Buffer part(kBytesAtOnce);
  const auto got = file->read_at(one->size, part);
  if (!got) {
    job.error = unreadable(one->name, "lỗi khi đọc tệp", "reading it failed");
    return;
  }
  one->hash.add(ByteView(part).first(*got));
  one->size += *got;
  if (one->size > registry::kAttachmentBytesMax) {
    job.error = unreadable(one->name, "tệp lớn hơn 4 GiB", "it is larger than 4 GiB");
  } else if (*got < part.size()) {
    one->digest = one->hash.finish();
  }
}

bool Measuring::busy() const {
  return std::any_of(jobs_.begin(), jobs_.end(), [](const auto& job) { return !job.second.done(); });
}

void Measuring::forget_gone(const Folder& outbox) {
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    job = outbox.has(job->first) ? std::next(job) : jobs_.erase(job);
    if (jobs_.size() < kDocumentsAtOnce) finished_ = finished_ || std::exchange(turned_away_, false);
  }
}

}  // namespace hub::folder
