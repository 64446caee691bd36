#include "adapters/edxml/attachment_stage.hpp"

#include <algorithm>

#include "adapters/edxml/media_type.hpp"
#include "adapters/edxml/refusal.hpp"
#include "adapters/edxml/single_entry.hpp"

namespace hub::edxml {

Result<StagedFile> AttachmentStage::make_file() {
  return StagedFile::make(folder_ + "/attachment-" + std::to_string(++files_));
}

Result<void> AttachmentStage::begin() {
  auto file = make_file();
  if (!file) return tl::unexpected(file.error());
  file_.emplace(std::move(*file));
  decoder_ = {};
  return {};
}

Result<void> AttachmentStage::add(std::string_view base64, Line line) {
  decoded_.clear();
  if (!decoder_.add(base64, decoded_))
    return refuse(line, "nội dung tệp đính kèm không phải base64", "an attachment's content is no base64");
  if (file_->size() + decoded_.size() > limits_.attachment_bytes)
    return tl::unexpected(
        beyond(line, "dung lượng một tệp đính kèm", "bytes of an attachment", limits_.attachment_bytes));
  staged_bytes_ += decoded_.size();
  if (staged_bytes_ > limits_.staged_bytes)
    return tl::unexpected(
        beyond(line, "tổng dung lượng tệp đính kèm", "bytes of all attachments", limits_.staged_bytes));
  return file_->write(decoded_);
}

Result<StagedAttachment> AttachmentStage::end(Line line) {
  StagedFile file = std::move(*file_);
  file_.reset();
  if (!decoder_.finished())
    return refuse(line, "nội dung tệp đính kèm bị cắt cụt: thiếu phần cuối của base64",
                  "an attachment's content is cut off: its base64 has no end");
  if (file.head().starts_with(kZipBegin)) return unpacked(std::move(file), line);
  file.finish();
  return StagedAttachment{std::move(file), std::nullopt};
}

Result<StagedAttachment> AttachmentStage::unpacked(StagedFile zip, Line line) {
  auto out = make_file();
  if (!out) return tl::unexpected(out.error());
  const std::uint64_t bytes_max = std::min(limits_.attachment_bytes, limits_.staged_bytes - staged_bytes_);
  const auto unpacking = unpack_single_entry(zip, *out, bytes_max, limits_);
  if (!unpacking) return tl::unexpected(unpacking.error());
  if (*unpacking == Unpacking::too_large)
    return refuse(line, "tệp nén trong tệp đính kèm bung ra quá lớn so với giới hạn",
                  "the zip in an attachment unpacks to more than the limits allow");
  zip.finish();
  if (*unpacking == Unpacking::kept) return StagedAttachment{std::move(zip), std::nullopt};
  staged_bytes_ += out->size();
  out->finish();
  return StagedAttachment{std::move(*out), std::move(zip)};
}

}  // namespace hub::edxml
