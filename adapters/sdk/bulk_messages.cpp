// What the hub says on the bulk connection.
#include <algorithm>

#include "adapters/sdk/bulk.hpp"
#include "adapters/sdk/pauses.hpp"
#include "hub/wire/session.hpp"

namespace hub::sdk {
namespace {

constexpr int kBulkFramesPerTurn = 32;
constexpr std::chrono::seconds kTryAgain{2};
constexpr std::uint64_t kChunksPerMore = wire::kChunkCreditMax / 2;

}  // namespace

void Bulk::receive() {
  for (int n = 0; n < kBulkFramesPerTurn && (state_ == State::greeting || state_ == State::ready); ++n) {
    const auto message = transport_.receive();
    if (!message) return;
    last_received_ = now_;
    // A hub that says what it must not is left, and asked again later.
    if (!take({message->data<std::uint8_t>(), message->size()})) end(kPauseAfterRefusal);
  }
}

void Bulk::take_events() {
  while (state_ != State::closed) {
    switch (transport_.next_event()) {
      case Transport::Event::none:
        return;
      case Transport::Event::connected:
        if (state_ == State::connecting) say_hello();
        break;
      case Transport::Event::key_refused:
        end(kPauseAfterRefusal);
        break;
      case Transport::Event::lost:
        end(kPauseMin);
        break;
    }
  }
}

Result<void> Bulk::take(ByteView message) {
  const auto frame = wire::read_bulk_frame(message);
  if (!frame) return tl::unexpected(frame.error());
  if (frame->kind == wire::Kind::goodbye) {
    end(kPauseAfterRefusal);
    return {};
  }
  if (frame->kind == wire::Kind::welcome) {
    if (state_ != State::greeting) return tl::unexpected(wire::malformed_frame("a second WELCOME"));
    state_ = State::ready;
    pause_ = std::chrono::milliseconds(0);
    return {};
  }
  if (state_ != State::ready) return tl::unexpected(wire::malformed_frame("a message before WELCOME"));
  switch (frame->kind) {
    case wire::Kind::put_from:
      return take_put_from(frame->payload);
    case wire::Kind::chunk_stored:
      return take_chunk_stored(frame->payload);
    case wire::Kind::content_stored:
      return take_content_stored(frame->payload);
    case wire::Kind::content_chunk:
      return take_content_chunk(frame->payload);
    case wire::Kind::content_refused:
      return take_refusal(frame->payload);
    case wire::Kind::heartbeat:
      return {};
    default:
      return tl::unexpected(
          wire::malformed_frame("a message that only an endpoint sends, or an error about one that was sent"));
  }
}

Result<void> Bulk::take_put_from(ByteView payload) {
  const auto message = wire::read_put_from(payload);
  if (!message) return tl::unexpected(message.error());
  Upload* u = upload(message->transfer);
  if (u == nullptr) return {};
  if (u->stage != Stage::asked || message->offset >= u->size)
    return tl::unexpected(wire::malformed_frame("PUT_FROM for what was not asked"));
  auto file = handlers_.open(u->ticket, u->attachment);
  if (!file) {
    const Ticket ticket = u->ticket;
    end_document(ticket);
    end(kPauseMin);  // the hub waits for chunks that do not come: a new connection ends that
    handlers_.failed(ticket, file.error());
    return {};
  }
  u->file.emplace(std::move(*file));
  u->sent = u->taken = message->offset;
  u->stage = Stage::moving;
  return {};
}

Result<void> Bulk::take_chunk_stored(ByteView payload) {
  const auto message = wire::read_chunk_stored(payload);
  if (!message) return tl::unexpected(message.error());
  Upload* u = upload(message->transfer);
  if (u == nullptr) return {};
  if (message->offset < u->taken || message->offset > u->sent)
    return tl::unexpected(wire::malformed_frame("CHUNK_STORED for what was not sent"));
  u->taken = message->offset;
  return {};
}

Result<void> Bulk::take_content_stored(ByteView payload) {
  const auto message = wire::read_content_stored(payload);
  if (!message) return tl::unexpected(message.error());
  if (upload(message->transfer) != nullptr) finish_upload(message->transfer);
  return {};
}

Result<void> Bulk::take_content_chunk(ByteView payload) {
  const auto chunk = wire::read_chunk(payload);
  if (!chunk) return tl::unexpected(chunk.error());
  Download* d = download(chunk->transfer);
  if (d == nullptr || d->stage != Stage::moving) return {};
  if (chunk->offset != d->file->written() || chunk->bytes.size() > d->request.size - chunk->offset)
    return tl::unexpected(wire::malformed_frame("this chunk is not what comes next"));
  if (auto taken = d->file->append(chunk->bytes); !taken) {
    const std::uint64_t number = d->number;
    fail_download(number, taken.error());
    end(kPauseMin);
    return {};
  }
  if (d->file->is_whole()) {
    d->stage = Stage::queued;  // prepare_downloads finishes it
  } else if (++d->unreturned == kChunksPerMore) {
    send(wire::More{d->number, d->unreturned});
    d->unreturned = 0;
  }
  return {};
}

Result<void> Bulk::take_refusal(ByteView payload) {
  const auto message = wire::read_content_refused(payload);
  if (!message) return tl::unexpected(message.error());
  const Error& error = message->error;
  if (download(message->transfer) != nullptr) {
    fail_download(message->transfer, error);
    return {};
  }
  Upload* u = upload(message->transfer);
  if (u == nullptr) return {};
  const Ticket ticket = u->ticket;
  if (error.code == ErrorCode::content_not_permitted) {  // the permit lapsed: the hub decides anew
    end_document(ticket);
    handlers_.submit_again(ticket);
  } else if (catalogue_entry(error.code).retryable) {
    u->stage = Stage::queued;
    u->file.reset();
    u->not_before = now_ + kTryAgain;
  } else {
    end_document(ticket);
    handlers_.failed(ticket, error);
  }
  return {};
}

Bulk::Upload* Bulk::upload(std::uint64_t number) {
  const auto found =
      std::find_if(uploads_.begin(), uploads_.end(), [&](const Upload& u) { return u.number == number; });
  return found == uploads_.end() ? nullptr : &*found;
}

Bulk::Download* Bulk::download(std::uint64_t number) {
  const auto found =
      std::find_if(downloads_.begin(), downloads_.end(), [&](const Download& d) { return d.number == number; });
  return found == downloads_.end() ? nullptr : &*found;
}

}  // namespace hub::sdk
