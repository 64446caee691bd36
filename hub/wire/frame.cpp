#include "hub/wire/frame.hpp"

#include <algorithm>
#include <string>

namespace hub::wire {
namespace {

bool is_known(std::uint8_t kind) { return (kind >= 1 && kind <= 7) || (kind >= 65 && kind <= 72); }
bool is_bulk(std::uint8_t kind) { return (kind >= 32 && kind <= 47) || (kind >= 96 && kind <= 111); }

Error malformed(std::size_t offset, std::string reason) {
  return {ErrorCode::frame_malformed, {{"offset", std::to_string(offset)}, {"reason", std::move(reason)}}};
}

bool is_known_bulk(std::uint8_t kind) {
  switch (static_cast<Kind>(kind)) {
    case Kind::hello:
    case Kind::heartbeat:
    case Kind::goodbye:
    case Kind::welcome:
    case Kind::error:
      return true;
    default:
      return (kind >= 32 && kind <= 35) || (kind >= 96 && kind <= 100);
  }
}

Result<Frame> read_frame(ByteView bytes, std::size_t bytes_max, bool (*is_known)(std::uint8_t)) {
  if (bytes.size() > bytes_max)
    return fail(ErrorCode::frame_too_large,
                {{"limit", std::to_string(bytes_max)}, {"actual", std::to_string(bytes.size())}});
  if (bytes.size() < 3) return tl::unexpected(malformed(bytes.size(), "the frame is cut"));
  if (is_bulk(bytes[0]) && !is_known(bytes[0])) return fail(ErrorCode::bulk_reserved);
  if (!is_known(bytes[0])) return fail(ErrorCode::message_kind_unknown, {{"actual", std::to_string(bytes[0])}});
  if (bytes[1] != kVersion)
    return fail(ErrorCode::version_unsupported,
                {{"actual", std::to_string(bytes[1])}, {"limit", std::to_string(kVersion)}});
  return Frame{static_cast<Kind>(bytes[0]), bytes[1], bytes.subspan(2)};
}

}  // namespace

Result<Frame> read_frame(ByteView bytes) { return read_frame(bytes, kFrameBytesMax, &is_known); }
Result<Frame> read_bulk_frame(ByteView bytes) { return read_frame(bytes, kBulkFrameBytesMax, &is_known_bulk); }

void start_frame(Buffer& out, Kind kind) {
  out.clear();
  out.push_back(static_cast<std::uint8_t>(kind));
  out.push_back(kVersion);
}

FieldReader::FieldReader(ByteView payload) : reader_(payload) {
  const auto count = reader_.read_map();
  if (count) {
    remaining_ = *count;
  } else {
    fail_here("a map was expected");
  }
}

std::optional<std::uint64_t> FieldReader::next() {
  if (failed() || remaining_ == 0) return std::nullopt;
  --remaining_;
  const auto field = reader_.read_uint();
  if (!field || (field_ && *field <= *field_)) {
    fail_here("field numbers must be unsigned integers in ascending order");
    return std::nullopt;
  }
  field_ = field;
  if (*field < 64) seen_ |= std::uint64_t{1} << *field;
  return field;
}

void FieldReader::unknown() {
  if (*field_ < kFirstIgnorableField) {
    if (!failed()) error_ = Error{ErrorCode::field_unknown, {{"actual", std::to_string(*field_)}}};
  } else {
    skip();
  }
}

void FieldReader::skip() {
  if (!reader_.skip()) fail_here("the value is malformed");
}

std::uint64_t FieldReader::unsigned_integer() {
  const auto value = reader_.read_uint();
  if (!value) fail_here("an unsigned integer was expected");
  return value.value_or(0);
}

std::int64_t FieldReader::integer() {
  const auto value = reader_.read_int();
  if (!value) fail_here("an integer was expected");
  return value.value_or(0);
}

bool FieldReader::boolean() {
  const auto value = reader_.read_bool();
  if (!value) fail_here("true or false was expected");
  return value.value_or(false);
}

std::string_view FieldReader::text(std::size_t bytes_max) {
  const auto value = reader_.read_string();
  if (!value || value->size() > bytes_max) {
    fail_here(value ? "the text is too long" : "UTF-8 text was expected");
    return {};
  }
  return *value;
}

ByteView FieldReader::binary(std::size_t bytes_max) {
  const auto value = reader_.read_binary();
  if (!value || value->size() > bytes_max) {
    fail_here(value ? "the binary value is too long" : "a binary value was expected");
    return {};
  }
  return *value;
}

std::uint32_t FieldReader::array(std::size_t count_max) {
  const auto count = reader_.read_array();
  if (!count || *count > count_max) {
    fail_here(count ? "the array is too long" : "an array was expected");
    return 0;
  }
  return *count;
}

std::vector<Fact> FieldReader::facts() {
  std::vector<Fact> out;
  const auto count = reader_.read_map();
  if (!count || *count > kFactsMax) {
    fail_here("a map of at most 16 facts was expected");
    return out;
  }
  for (std::uint32_t i = 0; i < *count && !failed(); ++i) {
    const std::string name(text(kNameBytesMax));
    out.push_back({name, std::string(text(kFactBytesMax))});
  }
  return out;
}

void FieldReader::fail_here(const char* reason) {
  if (failed()) return;
  std::string where = field_ ? "field " + std::to_string(*field_) + ": " : "";
  error_ = malformed(reader_.offset() + 2, where + reason);
}

Result<void> FieldReader::finish(std::uint64_t required) {
  if (!failed() && (remaining_ > 0 || !reader_.at_end())) fail_here("bytes are left after the map");
  if (!failed() && (seen_ & required) != required) fail_here("a required field is missing");
  if (failed()) return tl::unexpected(*error_);
  return {};
}

void pack_facts(Packer& packer, const std::vector<Fact>& facts) {
  const std::size_t count = std::min(facts.size(), kFactsMax);
  packer.pack_map(static_cast<std::uint32_t>(count));
  for (std::size_t i = 0; i < count; ++i) {
    pack_text(packer, facts[i].name);
    std::string_view value = facts[i].value;
    if (value.size() > kFactBytesMax) {  // cut between characters, so that it stays UTF-8
      std::size_t cut = kFactBytesMax;
      while (cut > 0 && (static_cast<unsigned char>(value[cut]) & 0xc0) == 0x80) --cut;
      value = value.substr(0, cut);
    }
    pack_text(packer, value);
  }
}

Error malformed_frame(std::string reason) { return malformed(0, std::move(reason)); }

}  // namespace hub::wire
