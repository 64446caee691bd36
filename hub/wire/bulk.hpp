// The messages of the bulk connection: contents of attachments, in chunks, beside the main connection so that no
// document waits behind them. Field numbers stand beside the members.
//
//   up     PUT ──▶ PUT_FROM, CHUNK… ──▶ CHUNK_STORED…, at the end CONTENT_STORED
//   down   GET ──▶ content CHUNK…, MORE as they are written
//   either CONTENT_REFUSED ends the transfer
//
// A transfer has a number of the endpoint's, 1 or more, not in use on the connection.
#pragma once

#include "hub/base/strong.hpp"
#include "hub/crypto/digest.hpp"
#include "hub/wire/frame.hpp"

namespace hub::wire {

// Endpoint -> hub: wants to upload this content, for which it has a permit.
struct Put {
  std::uint64_t transfer = 0;  // 1
  crypto::Digest digest{};     // 2
  std::uint64_t size = 0;      // 3
};

// Hub -> endpoint: send from here on; what is before is durable.
struct PutFrom {
  std::uint64_t transfer = 0;  // 1
  std::uint64_t offset = 0;    // 2
};

// Both ways, with a kind of its own each: the bytes at this offset. In order, without gaps.
struct Chunk {
  std::uint64_t transfer = 0;  // 1
  std::uint64_t offset = 0;    // 2
  ByteView bytes;              // 3  1 to kChunkBytesMax
};

// Hub -> endpoint: everything before this offset was taken; it frees credit. Not durable yet.
struct ChunkStored {
  std::uint64_t transfer = 0;  // 1
  std::uint64_t offset = 0;    // 2
};

// Hub -> endpoint: the whole content has its digest, is durable, and is recorded.
struct ContentIsStored {
  std::uint64_t transfer = 0;  // 1
};

// Endpoint -> hub: wants a content of a delivery, from an offset on.
struct Get {
  std::uint64_t transfer = 0;      // 1
  Position document;               // 2  of the acceptance record
  std::uint8_t outcome_index = 0;  // 3
  std::uint64_t attachment = 0;    // 4  index in the document
  std::uint64_t offset = 0;        // 5  less than the content's size
  std::uint64_t credit = 0;        // 6  chunks that may come; 1 to kChunkCreditMax
};

// Endpoint -> hub: so many more chunks may come.
struct More {
  std::uint64_t transfer = 0;  // 1
  std::uint64_t credit = 0;    // 2
};

struct ContentRefused {
  std::uint64_t transfer = 0;  // 1
  Error error;                 // 2 code, 3 facts
};

void write(Buffer& out, const Put& m);
void write(Buffer& out, const PutFrom& m);
void write(Buffer& out, Kind kind, const Chunk& m);  // Kind::chunk or Kind::content_chunk
void write(Buffer& out, const ChunkStored& m);
void write(Buffer& out, const ContentIsStored& m);
void write(Buffer& out, const Get& m);
void write(Buffer& out, const More& m);
void write(Buffer& out, const ContentRefused& m);

Result<Put> read_put(ByteView payload);
Result<PutFrom> read_put_from(ByteView payload);
Result<Chunk> read_chunk(ByteView payload);
Result<ChunkStored> read_chunk_stored(ByteView payload);
Result<ContentIsStored> read_content_stored(ByteView payload);
Result<Get> read_get(ByteView payload);
Result<More> read_more(ByteView payload);
Result<ContentRefused> read_content_refused(ByteView payload);

}  // namespace hub::wire
