#include "adapters/sdk/bulk.hpp"

#include <algorithm>

#include "adapters/sdk/pauses.hpp"
#include "hub/wire/session.hpp"

namespace hub::sdk {
namespace {

constexpr std::chrono::seconds kQuotaPause{30};
constexpr std::chrono::milliseconds kHeartbeat{wire::kHeartbeatMillis};
constexpr std::chrono::milliseconds kSilence = kHeartbeat * static_cast<int>(wire::kHeartbeatsMissedMax);
constexpr int kChunksPerTurn = 8;  // then the documents have their turn

Error unreadable(std::size_t attachment) {
  return {ErrorCode::attachment_unreadable,
          {{"file", std::to_string(attachment)},
           {"reason_vi", "tệp đã bị thay đổi sau khi văn bản được nhận"},
           {"reason_en", "the file was changed after the document was taken"}}};
}

}  // namespace

Bulk::Bulk(Options options, Handlers handlers)
    : options_(std::move(options)), handlers_(std::move(handlers)), transport_(options_.transport) {}

void Bulk::start(const std::string& address, const Bytes<16>& journal_id) {
  stop();
  transport_.set_address(address);
  journal_id_ = journal_id;
  wanted_ = true;
  pause_ = std::chrono::milliseconds(0);
  open_at_ = {};
}

void Bulk::stop() {
  if (state_ == State::ready) send(wire::Goodbye{});
  end(kPauseMin);
  wanted_ = false;
}

void Bulk::end(std::chrono::milliseconds pause_min) {
  transport_.close();
  state_ = State::closed;
  pause_ = std::clamp(pause_ * 2, pause_min, kPauseMax);
  open_at_ = now_ + pause_;
  for (Upload& u : uploads_) {
    u.stage = Stage::queued;
    u.file.reset();
  }
  for (Download& d : downloads_) d.stage = Stage::queued;  // its file stays open, and is not hashed again
}

void Bulk::upload(Ticket ticket, const std::vector<registry::AttachmentView>& attachments) {
  for (std::size_t i = 0; i < attachments.size(); ++i) {
    const bool again = std::any_of(attachments.begin(), attachments.begin() + static_cast<std::ptrdiff_t>(i),
                                   [&](const auto& other) { return other.sha256 == attachments[i].sha256; });
    if (again) continue;
    Upload& upload = uploads_.emplace_back();
    upload.number = ++last_number_;
    upload.ticket = ticket;
    upload.attachment = i;
    upload.size = attachments[i].size;
    upload.digest = attachments[i].sha256;
  }
}

void Bulk::wait_for_quota(Ticket ticket, SteadyTime now) { quota_waits_[ticket] = now + kQuotaPause; }

void Bulk::fetch(ContentRequest request) {
  Download& download = downloads_.emplace_back();
  download.number = ++last_number_;
  download.request = std::move(request);
}

void Bulk::work(SteadyTime now) {
  now_ = now;
  while (!quota_waits_.empty()) {
    const auto due =
        std::find_if(quota_waits_.begin(), quota_waits_.end(), [&](const auto& wait) { return wait.second <= now; });
    if (due == quota_waits_.end()) break;
    const Ticket ticket = due->first;
    quota_waits_.erase(due);
    handlers_.submit_again(ticket);
  }
  const bool needed = !uploads_.empty() || !downloads_.empty();
  if (state_ == State::closed && wanted_ && needed && now_ >= open_at_) connect();
  receive();
  take_events();
  prepare_downloads();
  if (state_ == State::ready) {
    start_transfers();
    send_chunks();
  }
  keep_alive();
}

SteadyTime Bulk::next_deadline(SteadyTime now) const {
  SteadyTime next = now + std::chrono::hours(1);
  for (const auto& [ticket, time] : quota_waits_) next = std::min(next, time);
  const bool needed = !uploads_.empty() || !downloads_.empty();
  if (state_ == State::closed && wanted_ && needed) next = std::min(next, open_at_);
  if (state_ != State::closed) next = std::min({next, last_sent_ + kHeartbeat, last_received_ + kSilence});
  std::size_t under_way = 0;
  for (const Upload& u : uploads_) {
    if (state_ == State::ready && may_send(u)) return now;
    if (u.stage != Stage::queued) ++under_way;
  }
  if (state_ == State::ready && under_way < kUploadsAtOnce)
    for (const Upload& u : uploads_)
      if (u.stage == Stage::queued) next = std::min(next, u.not_before);
  std::size_t first = 0;
  for (const Download& d : downloads_) {
    if (d.not_before > now) {
      next = std::min(next, d.not_before);
    } else {
      if (first++ == kDownloadsAtOnce) break;
      const bool waits_for_hub = d.stage != Stage::queued || (d.file && d.file->checked() && !d.file->is_whole());
      if (!waits_for_hub) return now;
    }
  }
  return next;
}

void Bulk::connect() {
  last_sent_ = last_received_ = now_;
  state_ = State::connecting;
  if (!transport_.open()) end(kPauseMin);
}

void Bulk::say_hello() {
  wire::Hello hello;
  hello.endpoint = options_.endpoint;
  hello.connection = wire::Connection::bulk;
  hello.journal_id = journal_id_;
  state_ = State::greeting;
  last_received_ = now_;
  send(hello);
}

void Bulk::send_frame(Buffer frame) {
  last_sent_ = now_;
  (void)transport_.send(std::move(frame));  // a frame that can't be sent belongs to a connection that is gone
}

void Bulk::keep_alive() {
  if (state_ == State::closed) return;
  if (now_ - last_received_ >= kSilence) {
    end(kPauseMin);
  } else if (state_ == State::ready && now_ - last_sent_ >= kHeartbeat) {
    send(wire::Heartbeat{});
  } else if (now_ - last_sent_ >= kHeartbeat) {
    last_sent_ = now_;
  }
}

void Bulk::start_transfers() {
  std::size_t under_way = 0;
  for (const Upload& u : uploads_) under_way += u.stage == Stage::queued ? 0 : 1;
  for (Upload& u : uploads_) {
    if (under_way >= kUploadsAtOnce) break;
    if (u.stage != Stage::queued || u.not_before > now_) continue;
    u.stage = Stage::asked;
    u.number = ++last_number_;
    ++under_way;
    send(wire::Put{u.number, u.digest, u.size});
  }
}

// The first downloads: their earlier parts are hashed, a part a turn, and then they are asked for.
void Bulk::prepare_downloads() {
  std::vector<std::uint64_t> first;
  for (const Download& d : downloads_) {
    if (first.size() == kDownloadsAtOnce) break;
    if (d.not_before <= now_) first.push_back(d.number);
  }
  for (const std::uint64_t number : first) {
    Download& d = *download(number);
    if (d.stage != Stage::queued) continue;
    Result<void> done;
    if (!d.file) {
      auto file = content::GrowingFile::open(d.request.path + ".partial", {d.request.size, d.request.sha256},
                                             options_.sync_bytes);
      if (file) {
        d.file.emplace(std::move(*file));
      } else {
        done = tl::unexpected(file.error());
      }
    } else if (!d.file->checked()) {
      done = d.file->check_some();
    }
    if (!done) {
      fail_download(number, done.error());
    } else if (d.file->is_whole()) {
      const auto finished = d.file->finish(d.request.path);
      const ContentRequest request = std::move(d.request);
      downloads_.remove_if([&](const Download& other) { return other.number == number; });
      handlers_.fetched(request, finished ? std::nullopt : std::optional(finished.error()));
    } else if (d.file->checked() && state_ == State::ready) {
      ask_for(d);
    }
  }
}

void Bulk::ask_for(Download& d) {
  d.number = ++last_number_;
  d.stage = Stage::moving;
  d.unreturned = 0;
  send(wire::Get{d.number, d.request.document, d.request.outcome_index, d.request.attachment, d.file->written(),
                 wire::kChunkCreditMax});
}

bool Bulk::may_send(const Upload& u) const {
  return u.stage == Stage::moving && u.sent < u.size &&
         u.sent - u.taken + wire::kChunkBytesMax <= wire::kChunkCreditMax * wire::kChunkBytesMax;
}

void Bulk::send_chunks() {
  for (int n = 0; n < kChunksPerTurn; ++n) {
    const auto next = std::find_if(uploads_.begin(), uploads_.end(), [&](const Upload& u) { return may_send(u); });
    if (next == uploads_.end()) return;
    send_chunk(*next);
  }
}

void Bulk::send_chunk(Upload& u) {
  part_.resize(std::min<std::uint64_t>(wire::kChunkBytesMax, u.size - u.sent));
  const auto got = u.file->read_at(u.sent, part_);
  if (!got || *got != part_.size()) {
    const Ticket ticket = u.ticket;
    const Error error = got ? unreadable(u.attachment) : got.error();
    end_document(ticket);
    // The hub still waits for the rest of it: a new connection ends that.
    end(kPauseMin);
    return handlers_.failed(ticket, error);
  }
  Buffer frame;
  wire::write(frame, wire::Kind::chunk, {u.number, u.sent, part_});
  send_frame(std::move(frame));
  u.sent += part_.size();
}

// The document is sent again when nothing of it is missing any more, and so are those that wait for room.
void Bulk::finish_upload(std::uint64_t number) {
  const Ticket ticket = upload(number)->ticket;
  uploads_.remove_if([&](const Upload& u) { return u.number == number; });
  const bool more = std::any_of(uploads_.begin(), uploads_.end(), [&](const Upload& u) { return u.ticket == ticket; });
  if (more) return;
  handlers_.submit_again(ticket);
  for (const auto& [waiting, time] : std::exchange(quota_waits_, {})) handlers_.submit_again(waiting);
}

void Bulk::end_document(Ticket ticket) {
  uploads_.remove_if([&](const Upload& u) { return u.ticket == ticket; });
}

void Bulk::fail_download(std::uint64_t number, const Error& error) {
  Download& d = *download(number);
  if (catalogue_entry(error.code).retryable) {
    d.stage = Stage::queued;
    d.file.reset();
    d.not_before = now_ + kQuotaPause;
    return;
  }
  if (d.file) (void)d.file->discard().has_value();  // after a failed write nothing is known of it
  const ContentRequest request = std::move(d.request);
  downloads_.remove_if([&](const Download& other) { return other.number == number; });
  handlers_.fetched(request, error);
}

}  // namespace hub::sdk
