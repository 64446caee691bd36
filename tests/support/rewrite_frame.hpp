// Reads a frame with the reader of its kind and writes what was read: what the golden frames and the fuzz target hold
// the readers and writers of hub/wire against each other with. A pure function; any thread.
#pragma once

#include "hub/wire/bulk.hpp"
#include "hub/wire/delivery.hpp"
#include "hub/wire/receipt.hpp"
#include "hub/wire/report.hpp"
#include "hub/wire/session.hpp"
#include "hub/wire/submit.hpp"

namespace hub::wire {

inline void write(Buffer& out, const Results& m) {
  ResultsWriter writer(out, m.batch, m.results.size(), m.first);
  for (const DocumentResult& result : m.results) writer.add(result);
}

inline Result<Submit> read_submit(ByteView payload) {
  Submit out;
  if (auto read = read_submit(payload, out); !read) return tl::unexpected(read.error());
  return out;
}

template <class M>
Result<Buffer> written(const Result<M>& message) {
  if (!message) return tl::unexpected(message.error());
  Buffer out;
  write(out, *message);
  return out;
}

inline Result<Buffer> written(Kind kind, const Result<Chunk>& chunk) {
  if (!chunk) return tl::unexpected(chunk.error());
  Buffer out;
  write(out, kind, *chunk);
  return out;
}

// Of the main connection, or of the bulk connection.
inline Result<Buffer> rewrite_frame(ByteView bytes) {
  auto frame = read_frame(bytes);
  if (!frame && frame.error().code == ErrorCode::bulk_reserved) frame = read_bulk_frame(bytes);
  if (!frame) return tl::unexpected(frame.error());
  switch (frame->kind) {
    case Kind::hello: return written(read_hello(frame->payload));
    case Kind::submit: return written(read_submit(frame->payload));
    case Kind::acknowledge: return written(read_acknowledge(frame->payload));
    case Kind::credential: return written(read_credential(frame->payload));
    case Kind::heartbeat: return written(read_heartbeat(frame->payload));
    case Kind::goodbye: return written(read_goodbye(frame->payload));
    case Kind::welcome: return written(read_welcome(frame->payload));
    case Kind::checkpoint: return written(read_checkpoint(frame->payload));
    case Kind::results: return written(read_results(frame->payload));
    case Kind::deliveries: return written(read_deliveries(frame->payload));
    case Kind::receipts: return written(read_receipts(frame->payload));
    case Kind::report: return written(read_report(frame->payload));
    case Kind::credentials: return written(read_credentials(frame->payload));
    case Kind::answer: return written(read_answer(frame->payload));
    case Kind::error: return written(read_error(frame->payload));
    case Kind::put:
      return written(read_put(frame->payload));
    case Kind::chunk:
    case Kind::content_chunk:
      return written(frame->kind, read_chunk(frame->payload));
    case Kind::get:
      return written(read_get(frame->payload));
    case Kind::more:
      return written(read_more(frame->payload));
    case Kind::put_from:
      return written(read_put_from(frame->payload));
    case Kind::chunk_stored:
      return written(read_chunk_stored(frame->payload));
    case Kind::content_stored:
      return written(read_content_stored(frame->payload));
    case Kind::content_refused:
      return written(read_content_refused(frame->payload));
  }
  return fail(ErrorCode::message_kind_unknown);
}

}  // namespace hub::wire
