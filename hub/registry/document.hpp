// A document: one MessagePack map whose keys are CloudEvents 1.0 attribute names. Encoded once by the sender; those
// bytes are signed, stored, delivered and proved, and nobody encodes them again.
//
//   key             value
//   specversion     "1.0"
//   id              UUID, lower case
//   source          the sender: a party's id
//   type            "trial-result-report/1"
//   subject         trích yếu: 1 to 500 characters
//   time            when it was signed: RFC 3339, "Z"
//   to              recipients: 1 to 255 different party ids, joined by ","  (CloudEvents attributes are no lists)
//   salt            16 random bytes: an erased short document can't be guessed from its digest
//   conversation    optional: UUID of the first document of the conversation; without it, this one is the first
//   urgency         optional: 0 Thường, 1 Khẩn, 2 Thượng khẩn, 3 Hỏa tốc, 4 Hỏa tốc hẹn giờ; without it 0
//   deliverat       RFC 3339, "Z"; with urgency 4 and only then
//   docnumber       optional: số, ký hiệu, as "12/KH-UBND"; 1 to 64 bytes
//   datacontenttype optional: "application/json", the form that `data` has a schema for
//   attachments     optional: 1 to 20 files that are sent beside it (attachment.hpp)
//   data            map: the typed fields
//
// Read strictly, in any order of keys: a duplicate or unknown key, a missing one, trailing bytes, or nesting deeper
// than MsgpackReader::kDepthMax is refused. What is inside `data` is for the type's schema to check.
//
// Threads: free functions on borrowed bytes; a view lives as long as they do.
#pragma once

#include <optional>
#include <string>

#include "hub/base/bytes.hpp"
#include "hub/base/result.hpp"
#include "hub/base/time.hpp"
#include "hub/base/uuid.hpp"
#include "hub/registry/attachment.hpp"

namespace hub::registry {

struct DocumentView {
  ByteView bytes;  // the whole document
  Uuid id, conversation;
  std::string_view source, type, subject, docnumber, to;
  std::uint32_t recipient_count = 0;
  UnixMicros time;
  std::uint8_t urgency = 0;
  std::optional<UnixMicros> deliver_at;
  Bytes<16> salt{};
  ByteView attachments;  // the array, for read_attachments; empty: none
  AttachmentTotals attachment_totals;
  ByteView data;
};

// document_malformed (offset, reason), document_too_large, recipients_too_many, deliver_at_missing. No allocation for a
// valid document.
Result<DocumentView> read_document(ByteView bytes);

// The party ids of a document's `to`: for (std::string_view party : recipients(view.to)).
class RecipientRange {
 public:
  class Iterator {
   public:
    explicit Iterator(std::string_view rest, bool end) : rest_(rest), end_(end) {}
    std::string_view operator*() const { return rest_.substr(0, rest_.find(',')); }
    Iterator& operator++() {
      const std::size_t comma = rest_.find(',');
      end_ = comma == rest_.npos;
      if (!end_) rest_.remove_prefix(comma + 1);
      return *this;
    }
    bool operator!=(const Iterator& other) const { return end_ != other.end_; }

   private:
    std::string_view rest_;
    bool end_;
  };
  explicit RecipientRange(std::string_view to) : to_(to) {}
  Iterator begin() const { return Iterator(to_, to_.empty()); }
  Iterator end() const { return Iterator({}, true); }

 private:
  std::string_view to_;
};
inline RecipientRange recipients(std::string_view to) { return RecipientRange(to); }

// What a document is made from. `id`, `time`, `salt` and `source` may be absent while an adapter still fills them.
struct DocumentFields {
  std::optional<Uuid> id;
  std::string source, type, subject;
  std::optional<UnixMicros> time;
  std::string to;
  std::optional<Bytes<16>> salt;
  std::optional<Uuid> conversation;
  std::uint8_t urgency = 0;
  std::optional<UnixMicros> deliver_at;
  std::string docnumber;
  std::vector<AttachmentFields> attachments;
  Buffer data;  // a MessagePack map
};

// The document, in the order of keys above, what is optional only where it says something. id, time, salt, and size
// and sha256 of each attachment must be there. Whether the result is a valid document is read_document's to say.
Buffer write_document(const DocumentFields& fields);

}  // namespace hub::registry
