#include "hub/registry/document.hpp"

#include <algorithm>
#include <bit>

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/limits.hpp"
#include "hub/registry/names.hpp"

namespace hub::registry {
namespace {

enum Attribute : std::uint32_t {
  kSpecVersion,
  kId,
  kSource,
  kType,
  kSubject,
  kTime,
  kTo,
  kSalt,
  kConversation,
  kUrgency,
  kDeliverAt,
  kDocNumber,
  kContentType,
  kAttachments,
  kData,
  kAttributeCount,
};
// In the order that write_document uses, so that the next one is mostly the right guess.
constexpr std::string_view kAttributeNames[kAttributeCount] = {
    "specversion",  "id",      "source",    "type",      "subject",         "time",        "to",  "salt",
    "conversation", "urgency", "deliverat", "docnumber", "datacontenttype", "attachments", "data"};
constexpr std::uint32_t kOptional = 1u << kConversation | 1u << kUrgency | 1u << kDeliverAt | 1u << kDocNumber |
                                    1u << kContentType | 1u << kAttachments;
constexpr std::uint32_t kRequired = ((1u << kAttributeCount) - 1) & ~kOptional;

std::optional<UnixMicros> parse_utc(std::string_view text) {
  return text.ends_with('Z') ? parse_rfc3339(text) : std::nullopt;
}

class Reader {
 public:
  explicit Reader(ByteView bytes) : in_(bytes) { out_.bytes = bytes; }

  Result<DocumentView> run() {
    const auto count = in_.read_map();
    if (!count) return malformed("a map was expected");
    std::uint32_t seen = 0, expected = 0;
    for (std::uint32_t i = 0; i < *count; ++i) {
      const auto key = in_.read_string();
      if (!key) return malformed("a key must be a text");
      const std::uint32_t attribute = find(*key, expected);
      if (attribute == kAttributeCount) return malformed("unknown key \"" + std::string(*key) + "\"");
      if ((seen >> attribute & 1) != 0) return malformed("key \"" + std::string(*key) + "\" stands here twice");
      seen |= 1u << attribute;
      expected = attribute + 1;
      if (const char* reason = read(static_cast<Attribute>(attribute)))
        return malformed(std::string(*key) + ": " + reason);
    }
    if (!in_.at_end()) return malformed("bytes after the document");
    if (const std::uint32_t missing = kRequired & ~seen; missing != 0)
      return malformed("\"" + std::string(kAttributeNames[std::countr_zero(missing)]) + "\" is missing");
    if ((seen >> kConversation & 1) == 0) out_.conversation = out_.id;
    return check_rest();
  }

 private:
  tl::unexpected<Error> malformed(std::string reason) const {
    return fail(ErrorCode::document_malformed,
                {{"offset", std::to_string(in_.offset())}, {"reason", std::move(reason)}});
  }

  static std::uint32_t find(std::string_view key, std::uint32_t expected) {
    if (expected < kAttributeCount && kAttributeNames[expected] == key) return expected;
    return static_cast<std::uint32_t>(std::find(std::begin(kAttributeNames), std::end(kAttributeNames), key) -
                                      std::begin(kAttributeNames));
  }

  // What is wrong with the value, or null.
  const char* read(Attribute attribute) {
    switch (attribute) {
      case kSpecVersion: return in_.read_string() == "1.0" ? nullptr : "must be \"1.0\"";
      case kId: return read_uuid(out_.id);
      case kConversation: return read_uuid(out_.conversation);
      case kSource: return read_text(out_.source) && is_party_id(out_.source) ? nullptr : "must be a party's id";
      case kType: return read_text(out_.type) && is_type_id(out_.type) ? nullptr : "must be a type's id";
      case kSubject: return read_text(out_.subject) && good_subject() ? nullptr : "must have 1 to 500 characters";
      case kTo: return read_text(out_.to) ? nullptr : "must be a text";
      case kDocNumber:
        return read_text(out_.docnumber) && !out_.docnumber.empty() && out_.docnumber.size() <= kDocumentNumberBytesMax
                   ? nullptr
                   : "must have 1 to 64 bytes";
      case kContentType: return in_.read_string() == "application/json" ? nullptr : "must be \"application/json\"";
      case kTime: return read_time() ? (out_.time = *time_, nullptr) : "must be a UTC time as 2024-03-12T01:00:00Z";
      case kDeliverAt:
        return read_time() ? (out_.deliver_at = *time_, nullptr) : "must be a UTC time as 2024-03-12T01:00:00Z";
      case kUrgency: {
        const auto urgency = in_.read_uint();
        if (!urgency || *urgency > kUrgencyMax) return "must be an integer from 0 to 4";
        out_.urgency = static_cast<std::uint8_t>(*urgency);
        return nullptr;
      }
      case kSalt: {
        const auto salt = in_.read_binary();
        if (!salt || salt->size() != out_.salt.size()) return "must be 16 bytes";
        std::copy(salt->begin(), salt->end(), out_.salt.begin());
        return nullptr;
      }
      case kAttachments:
        return read_attachment_array();
      case kData: return read_data() ? nullptr : "must be a well-formed map";
      case kAttributeCount: break;
    }
    return "is not known";
  }

  bool read_text(std::string_view& out) {
    const auto text = in_.read_string();
    if (text) out = *text;
    return text.has_value();
  }
  const char* read_uuid(Uuid& out) {
    const auto text = in_.read_string();
    const auto uuid = text ? parse_uuid(*text) : std::nullopt;
    if (!uuid) return "must be a lower-case UUID";
    out = *uuid;
    return nullptr;
  }
  bool read_time() {
    const auto text = in_.read_string();
    time_ = text ? parse_utc(*text) : std::nullopt;
    return time_.has_value();
  }
  bool read_data() {
    if (in_.peek() != MsgpackReader::Kind::map) return false;
    const auto raw = in_.read_raw();
    if (raw) out_.data = *raw;
    return raw.has_value();
  }
  const char* read_attachment_array() {
    const std::size_t start = in_.offset();
    if (const char* reason = check_attachments(in_, out_.attachment_totals)) return reason;
    out_.attachments = out_.bytes.subspan(start, in_.offset() - start);
    return nullptr;
  }
  bool good_subject() const {
    const std::string_view text = out_.subject;
    return !text.empty() && (text.size() <= kSubjectCharactersMax || code_points(text) <= kSubjectCharactersMax);
  }

  Result<DocumentView> check_rest() {
    if (out_.deliver_at.has_value() != (out_.urgency == kUrgencyMax)) return fail(ErrorCode::deliver_at_missing);
    const auto count = static_cast<std::size_t>(std::count(out_.to.begin(), out_.to.end(), ',')) + 1;
    if (count > kRecipientsMax)
      return fail(ErrorCode::recipients_too_many,
                  {{"limit", std::to_string(kRecipientsMax)}, {"actual", std::to_string(count)}});
    std::array<std::string_view, kRecipientsMax> parties;
    std::uint32_t n = 0;
    for (const std::string_view party : recipients(out_.to)) {
      if (!is_party_id(party)) return malformed("to: \"" + std::string(party) + "\" is no party's id");
      parties[n++] = party;
    }
    if (n == 0) return malformed("to: there must be a recipient");
    const auto end = parties.begin() + n;
    std::sort(parties.begin(), end);
    if (const auto twin = std::adjacent_find(parties.begin(), end); twin != end)
      return malformed("to: \"" + std::string(*twin) + "\" stands there twice");
    out_.recipient_count = n;
    return out_;
  }

  MsgpackReader in_;
  DocumentView out_;
  std::optional<UnixMicros> time_;
};

}  // namespace

Result<DocumentView> read_document(ByteView bytes) {
  if (bytes.size() > kDocumentBytesMax)
    return fail(ErrorCode::document_too_large,
                {{"limit", std::to_string(kDocumentBytesMax)}, {"actual", std::to_string(bytes.size())}});
  return Reader(bytes).run();
}

}  // namespace hub::registry
