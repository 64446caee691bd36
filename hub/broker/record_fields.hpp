// What the metadata of records is packed and read with: wire fields, and names of what is registered.
#pragma once

#include "hub/broker/records.hpp"
#include "hub/registry/limits.hpp"
#include "hub/wire/frame.hpp"

namespace hub::broker {

// Packs fields one by one; the count is written over at the end, as a 16-bit map.
class RecordWriter {
 public:
  RecordWriter(const registry::Registry& registry, Buffer& out) : registry_(registry), out_(out), stream_{out} {
    start_ = out.size();
    out.insert(out.end(), {0xde, 0, 0});
  }
  ~RecordWriter() { out_[start_ + 2] = count_; }
  RecordWriter(const RecordWriter&) = delete;
  RecordWriter& operator=(const RecordWriter&) = delete;

  wire::Packer& field(std::uint8_t number) {
    ++count_;
    packer_.pack_uint8(number);
    return packer_;
  }
  void number(std::uint8_t n, std::uint64_t value) { field(n).pack_uint64(value); }
  void time(std::uint8_t n, UnixMicros value) { field(n).pack_int64(value.value); }
  void text(std::uint8_t n, std::string_view value) { wire::pack_text(field(n), value); }
  void bytes(std::uint8_t n, ByteView value) { wire::pack_bytes(field(n), value); }
  void party(std::uint8_t n, PartyIndex value) { text(n, registry_.party_at(value).id); }
  void endpoint(std::uint8_t n, EndpointIndex value) { text(n, registry_.endpoint_at(value).id); }
  void boolean(std::uint8_t n, bool value) { value ? field(n).pack_true() : field(n).pack_false(); }
  void keys(std::uint8_t n, const std::vector<crypto::PublicKey>& keys) {
    wire::Packer& packer = field(n);
    packer.pack_array(static_cast<std::uint32_t>(keys.size()));
    for (const crypto::PublicKey& key : keys) wire::pack_bytes(packer, key);
  }
  void delivery(const wire::DeliveryKey& key) {
    number(2, key.document.value);
    number(3, key.outcome_index);
  }
  void replay(const wire::DeliveryKey& key) {
    if (key.replay.value != 0) number(8, key.replay.value);
  }
  void deliveries(std::uint8_t n, const std::vector<wire::DeliveryKey>& keys) {
    wire::Packer& packer = field(n);
    packer.pack_array(static_cast<std::uint32_t>(keys.size()));
    for (const wire::DeliveryKey& key : keys) {
      packer.pack_array(2);
      packer.pack_uint64(key.origin().value);
      packer.pack_uint8(key.outcome_index);
    }
  }
  void unneeded(std::uint8_t n, const std::vector<Unneeded>& members) {
    wire::Packer& packer = field(n);
    packer.pack_array(static_cast<std::uint32_t>(members.size()));
    for (const Unneeded& member : members) {
      packer.pack_array(2);
      wire::pack_text(packer, member.name);
      packer.pack_array(static_cast<std::uint32_t>(member.outcomes.size()));
      for (const std::uint8_t outcome : member.outcomes) packer.pack_uint8(outcome);
    }
  }

 private:
  const registry::Registry& registry_;
  Buffer& out_;
  BufferStream stream_;
  wire::Packer packer_{stream_};
  std::size_t start_ = 0;
  std::uint8_t count_ = 0;
};

// Reads fields into a record; names are looked up, and one that is not registered fails.
class RecordReader : public wire::FieldReader {
 public:
  RecordReader(const registry::Registry& registry, ByteView metadata) : FieldReader(metadata), registry_(registry) {}

  PartyIndex party() {
    const auto index = registry_.party(text(wire::kNameBytesMax));
    if (!index) fail_here("the party is not registered");
    return index.value_or(PartyIndex(0));
  }
  EndpointIndex endpoint() {
    const auto index = registry_.endpoint(text(wire::kNameBytesMax));
    if (!index) fail_here("the endpoint is not registered");
    return index.value_or(EndpointIndex(0));
  }
  ErrorCode code() {
    const auto value = error_code(text(wire::kNameBytesMax));
    if (!value) fail_here("the error code is not in the catalogue");
    return value.value_or(ErrorCode{});
  }
  UnixMicros time() { return UnixMicros(integer()); }
  std::uint8_t outcome_index() {
    const std::uint64_t value = unsigned_integer();
    if (value >= wire::kRecipientsMax) fail_here("there is no such outcome");
    return static_cast<std::uint8_t>(value);
  }
  wire::DeliveryStatus status() {
    const auto value = wire::status_of(unsigned_integer());
    if (!value) fail_here("there is no such status");
    return value.value_or(wire::DeliveryStatus::pending);
  }
  // Which record it began with is in `document`; whether that is a replay matters to nobody here.
  wire::DeliveryKey begun_at() {
    wire::DeliveryKey key;
    if (array(2) != 2) fail_here("a delivery's origin and outcome were expected");
    key.document = Position(unsigned_integer());
    key.outcome_index = outcome_index();
    return key;
  }
  std::vector<crypto::PublicKey> keys() {
    std::vector<crypto::PublicKey> out;
    const std::uint32_t count = array(wire::kFrameBytesMax);
    for (std::uint32_t i = 0; i < count && !failed(); ++i) out.push_back(fixed_binary<32>());
    return out;
  }
  std::vector<wire::DeliveryKey> deliveries(std::size_t count_max) {
    std::vector<wire::DeliveryKey> out;
    const std::uint32_t count = array(count_max);
    for (std::uint32_t i = 0; i < count && !failed(); ++i) out.push_back(begun_at());
    return out;
  }
  std::vector<std::string_view> case_references() {
    std::vector<std::string_view> out;
    const std::uint32_t count = array(registry::kCaseReferencesMax);
    for (std::uint32_t i = 0; i < count && !failed(); ++i) out.push_back(text(registry::kCaseReferenceBytesMax));
    return out;
  }
  std::vector<Unneeded> unneeded() {
    std::vector<Unneeded> out;
    const std::uint32_t members = array(registry::kSchemaPropertiesMax);
    for (std::uint32_t i = 0; i < members && !failed(); ++i) {
      if (array(2) != 2) fail_here("a member's name and outcomes were expected");
      Unneeded& member = out.emplace_back();
      member.name = text(wire::kNameBytesMax);
      const std::uint32_t outcomes = array(wire::kRecipientsMax);
      for (std::uint32_t o = 0; o < outcomes && !failed(); ++o) member.outcomes.push_back(outcome_index());
    }
    return out;
  }
  std::uint32_t small() { return static_cast<std::uint32_t>(unsigned_integer()); }
  Outcome outcome() {
    Outcome out;
    out.bytes = binary(wire::kRowBytesMax);
    const auto row = wire::read_row(out.bytes);
    if (!row) {
      fail_here("an outcome row was expected");
      return out;
    }
    out.row = *row;
    if (row->accepted()) {
      out.actual = registry_.party(row->actual);
      if (!out.actual) fail_here("the recipient is not registered");
    }
    return out;
  }

 private:
  const registry::Registry& registry_;
};

}  // namespace hub::broker
