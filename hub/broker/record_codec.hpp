// Records to metadata bytes and back.
#pragma once

#include "hub/broker/records.hpp"

namespace hub::broker {

RecordKind kind_of(const Record& record);

// Appends the metadata to `out`. Indexes are written as names, which the registry knows.
void encode(const registry::Registry& registry, const Record& record, Buffer& out);
// The root over a document's outcome rows; zeros when it has none.
crypto::Digest outcome_root(const DocumentDecided& record);

// The views of the result point into `metadata`. record_unknown: a kind that this hub does not know;
// frame_malformed: fields that are missing, malformed, or name what is not registered. Either stops a replay.
Result<Record> decode(const registry::Registry& registry, std::uint8_t kind, ByteView metadata,
                      const crypto::Digest& body_digest);

// The names of a kind's metadata fields, by number, for people.
std::string_view field_name(RecordKind kind, std::uint64_t field);

}  // namespace hub::broker
