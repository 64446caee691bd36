#include "hub/app/record_json.hpp"

#include "hub/base/uuid.hpp"
#include "hub/broker/record_codec.hpp"

namespace hub::app {
namespace {

using Json = nlohmann::ordered_json;

// Any MessagePack value of a record: binary is hexadecimal, times are named as such by their field.
Json value_json(MsgpackReader& in) {
  using Kind = MsgpackReader::Kind;
  switch (in.peek()) {
    case Kind::boolean: return in.read_bool().value_or(false);
    case Kind::integer: {
      if (const auto value = in.read_uint()) return *value;
      return in.read_int().value_or(0);
    }
    case Kind::string: return std::string(in.read_string().value_or(""));
    case Kind::binary: return to_hex(in.read_binary().value_or(ByteView()));
    case Kind::array: {
      Json out = Json::array();
      const std::uint32_t count = in.read_array().value_or(0);
      for (std::uint32_t i = 0; i < count; ++i) out.push_back(value_json(in));
      return out;
    }
    case Kind::map: {
      Json out = Json::object();
      const std::uint32_t count = in.read_map().value_or(0);
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::string key(in.read_string().value_or(""));
        out[key] = value_json(in);
      }
      return out;
    }
    default: in.skip(); return nullptr;
  }
}

bool is_time(std::string_view name) {
  return name == "time" || name == "deliver_at" || name == "since" || name == "until";
}
bool is_uuid(std::string_view name) { return name == "document_id" || name == "conversation"; }

Json field_json(std::string_view name, MsgpackReader& in) {
  if (is_time(name)) return format_rfc3339(UnixMicros(in.read_int().value_or(0)));
  if (is_uuid(name)) {
    const auto bytes = fixed<16>(in.read_binary().value_or(ByteView()));
    return to_text(Uuid{bytes.value_or(Bytes<16>{})});
  }
  if (name != "outcomes") return value_json(in);
  Json rows = Json::array();
  const std::uint32_t count = in.read_array().value_or(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto row = wire::read_row(in.read_binary().value_or(ByteView()));
    if (!row) continue;
    rows.push_back({{"addressed", row->addressed},
                    {"actual", row->actual},
                    {"outcome", row->outcome},
                    {"agreement", row->agreement},
                    {"version", row->agreement_version},
                    {"clause", row->clause}});
  }
  return rows;
}

}  // namespace

Json record_json(const journal::RecordView& record) {
  const auto kind = static_cast<broker::RecordKind>(record.kind);
  Json out = {{"position", record.position.value},
              {"time", format_rfc3339(record.time)},
              {"kind", broker::name_of(kind)},
              {"leaf", to_hex(journal::leaf_of(record))},
              {"body_bytes", journal::sent_body_bytes(record)}};
  if (record.body_bytes > 0) out["body_digest"] = to_hex(record.body_digest);
  if (record.body_key != 0) out["body_key"] = record.body_key;
  if (record.erased) out["erased"] = true;
  Json fields = Json::object();
  MsgpackReader in(record.metadata);
  const std::uint32_t count = in.read_map().value_or(0);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t number = in.read_uint().value_or(0);
    const std::string_view name = broker::field_name(kind, number);
    fields[name.empty() ? std::to_string(number) : std::string(name)] = field_json(name, in);
  }
  out["fields"] = std::move(fields);
  return out;
}

}  // namespace hub::app
