// Uploads and downloads on the bulk connection.
#include <spdlog/spdlog.h>

#include <algorithm>

#include "hub/base/error_catalogue.hpp"
#include "hub/runtime/bulk_loop.hpp"

namespace hub::runtime {
namespace {

constexpr std::size_t kChunksPerTurn = 8;  // of downloads, so that uploads and others are not kept waiting

// The journal says that it is there, and it can't be read.
Error content_gone(Position document) {
  return {ErrorCode::content_unknown, {{"position", std::to_string(document.value)}}};
}

Error too_many(std::size_t limit) {
  return {ErrorCode::transfers_too_many, {{"actual", std::to_string(limit)}, {"limit", std::to_string(limit)}}};
}

}  // namespace

std::optional<Error> BulkLoop::refuse_transfer(const Connection& connection, std::uint64_t number) const {
  if (connection.uploads.contains(number) || connection.downloads.contains(number))
    return wire::malformed_frame("a transfer with this number is under way");
  if (connection.uploads.size() + connection.downloads.size() >= wire::kTransfersMax)
    return too_many(wire::kTransfersMax);
  if (transfers() >= wire::kHubTransfersMax) return too_many(wire::kHubTransfersMax);
  return std::nullopt;
}

Result<void> BulkLoop::on_put(ports::ConnectionId from, Connection& connection, ByteView payload) {
  const auto put = wire::read_put(payload);
  if (!put) return tl::unexpected(put.error());
  const TransferId id{from, put->transfer, ++last_serial_};
  const content::Name name{connection.peer->party, put->digest};
  auto refusal = refuse_transfer(connection, put->transfer);
  if (!refusal && is_uploading(name)) refusal = too_many(1);  // by another endpoint of the party
  if (refusal) {
    refuse(id, *refusal);
    return {};
  }
  const PartyIndex sender = connection.peer->party_index;
  connection.uploads.emplace(put->transfer, Upload{id, name, sender, put->size, Upload::Stage::asking, std::nullopt});
  ask([id, sender, digest = put->digest, size = put->size, &posts = posts_](Engine& engine) {
    const auto standing = engine.content_standing(sender, digest, size);
    posts.post([id, standing](BulkLoop& loop) { loop.on_standing(id, standing); });
  });
  return {};
}

void BulkLoop::on_standing(const TransferId& id, broker::ContentStanding standing) {
  Upload* found = upload(id);
  if (found == nullptr) return;
  if (standing == broker::ContentStanding::unknown)
    return refuse(id, {ErrorCode::content_not_permitted, {{"digest", to_hex(found->name.digest)}}});
  if (standing == broker::ContentStanding::stored) {
    connections_.at(id.connection).uploads.erase(id.number);
    return send(id.connection, wire::ContentIsStored{id.number});
  }
  auto file = store_.begin(found->name, found->size);
  if (!file) return refuse(id, file.error());
  found->file = std::move(*file);
  found->stage = Upload::Stage::checking;
  if (found->file->checked()) start_receiving(*found);
}

void BulkLoop::start_receiving(Upload& upload) {
  upload.stage = Upload::Stage::receiving;
  if (upload.file->is_whole()) return finish(upload);
  send(upload.id.connection, wire::PutFrom{upload.id.number, upload.file->written()});
}

void BulkLoop::check_some(Upload& upload) {
  if (auto checked = upload.file->check_some(); !checked) return fail_upload(upload, checked.error());
  if (upload.file->checked()) start_receiving(upload);
}

Result<void> BulkLoop::on_chunk(Connection& connection, ByteView payload) {
  const auto chunk = wire::read_chunk(payload);
  if (!chunk) return tl::unexpected(chunk.error());
  const auto entry = connection.uploads.find(chunk->transfer);
  if (entry == connection.uploads.end()) return {};  // it was refused, and the endpoint does not know yet
  Upload& upload = entry->second;
  if (upload.stage != Upload::Stage::receiving || chunk->offset != upload.file->written() ||
      chunk->bytes.size() > upload.size - chunk->offset)
    return tl::unexpected(wire::malformed_frame("this chunk is not what comes next"));
  spend(chunk->bytes.size());
  if (auto taken = upload.file->append(chunk->bytes); !taken) {
    fail_upload(upload, taken.error());
    return {};
  }
  send(upload.id.connection, wire::ChunkStored{upload.id.number, upload.file->written()});
  if (upload.file->is_whole()) finish(upload);
  return {};
}

void BulkLoop::finish(Upload& upload) {
  if (auto finished = store_.finish(*upload.file, upload.name); !finished) return fail_upload(upload, finished.error());
  upload.stage = Upload::Stage::recording;
  upload.file.reset();
  const auto report = [id = upload.id, name = upload.name, &posts = posts_](bool recorded) {
    posts.post([id, name, recorded](BulkLoop& loop) { loop.on_recorded(id, name, recorded); });
  };
  ask([sender = upload.sender, digest = upload.name.digest, size = upload.size, report](Engine& engine) {
    if (!engine.record_content_stored(sender, digest, size)) return report(false);
    engine.when_durable([report] { report(true); });
  });
}

void BulkLoop::on_recorded(const TransferId& id, const content::Name& name, bool recorded) {
  if (!recorded) {
    if (auto removed = store_.remove(name); !removed) spdlog::error("{}", describe(removed.error(), Language::english));
    return refuse(id, {ErrorCode::content_not_permitted, {{"digest", to_hex(name.digest)}}});
  }
  if (upload(id) == nullptr) return;
  connections_.at(id.connection).uploads.erase(id.number);
  send(id.connection, wire::ContentIsStored{id.number});
}

void BulkLoop::fail_upload(Upload& upload, const Error& error) {
  spdlog::error("an upload of {} ended: {}", upload.name.party, describe(error, Language::english));
  // After a failed write or sync nothing is known of the file; on a full disk what is there is good.
  if (error.code == ErrorCode::io_failed && upload.file) (void)upload.file->discard().has_value();
  refuse(upload.id, error);
}

Result<void> BulkLoop::on_get(ports::ConnectionId from, Connection& connection, ByteView payload) {
  const auto get = wire::read_get(payload);
  if (!get) return tl::unexpected(get.error());
  const TransferId id{from, get->transfer, ++last_serial_};
  if (const auto refusal = refuse_transfer(connection, get->transfer)) {
    refuse(id, *refusal);
    return {};
  }
  connection.downloads.emplace(get->transfer, Download{id, get->document, std::nullopt, get->offset, 0, get->credit});
  ask([id, recipient = connection.peer->party_index, get = *get, &posts = posts_](Engine& engine) {
    auto content = engine.delivered_content(recipient, get.document, get.outcome_index, get.attachment);
    posts.post([id, content = std::move(content)](BulkLoop& loop) { loop.on_delivered(id, content); });
  });
  return {};
}

void BulkLoop::on_delivered(const TransferId& id, const Result<DeliveredContent>& content) {
  Download* found = download(id);
  if (found == nullptr) return;
  if (!content) return refuse(id, content.error());
  auto file = store_.open_to_read({content->sender, content->digest});
  if (!file) {
    spdlog::error("damage: a content of {} can't be read: {}", content->sender,
                  describe(file.error(), Language::english));
    return refuse(id, content_gone(found->document));
  }
  if (found->offset >= content->size) return refuse(id, wire::malformed_frame("there is nothing at this offset"));
  found->size = content->size;
  found->file = std::move(*file);
}

Result<void> BulkLoop::on_more(Connection& connection, ByteView payload) {
  const auto more = wire::read_more(payload);
  if (!more) return tl::unexpected(more.error());
  const auto entry = connection.downloads.find(more->transfer);
  if (entry == connection.downloads.end()) return {};  // all of it was sent
  if (entry->second.credit + more->credit > wire::kChunkCreditMax)
    return tl::unexpected(wire::malformed_frame("more credit than a transfer has"));
  entry->second.credit += more->credit;
  return {};
}

void BulkLoop::send_chunk(Download& download) {
  chunk_.resize(std::min<std::uint64_t>(wire::kChunkBytesMax, download.size - download.offset));
  const auto got = download.file->read_at(download.offset, chunk_);
  if (!got || *got != chunk_.size()) {
    spdlog::error("damage: {} can't be read to its end", download.file->path());
    return refuse(download.id, content_gone(download.document));
  }
  Buffer frame;
  wire::write(frame, wire::Kind::content_chunk, {download.id.number, download.offset, chunk_});
  Connection& connection = connections_.at(download.id.connection);
  connection.spoken = now_;
  gate_.send(download.id.connection, std::move(frame));
  spend(chunk_.size());
  download.offset += chunk_.size();
  --download.credit;
  if (download.offset == download.size) connection.downloads.erase(download.id.number);
}

bool BulkLoop::has_work() const {
  return std::any_of(connections_.begin(), connections_.end(), [](const auto& entry) {
    const Connection& connection = entry.second;
    return std::any_of(connection.uploads.begin(), connection.uploads.end(),
                       [](const auto& u) { return u.second.stage == Upload::Stage::checking; }) ||
           std::any_of(connection.downloads.begin(), connection.downloads.end(),
                       [](const auto& d) { return d.second.file && d.second.credit > 0; });
  });
}

// A part of each transfer that can go on; each may end by it, so it is found anew by its id.
void BulkLoop::work_on_transfers() {
  std::vector<TransferId> checks, chunks;
  for (const auto& [id, connection] : connections_) {
    for (const auto& [number, u] : connection.uploads)
      if (u.stage == Upload::Stage::checking) checks.push_back(u.id);
    for (const auto& [number, d] : connection.downloads)
      if (d.file && d.credit > 0) chunks.push_back(d.id);
  }
  for (const TransferId& id : checks)
    if (Upload* found = upload(id)) check_some(*found);
  // In turns, beginning behind the one that was served last.
  std::sort(chunks.begin(), chunks.end(), [&](const TransferId& a, const TransferId& b) {
    return a.serial - last_served_ - 1 < b.serial - last_served_ - 1;
  });
  if (chunks.size() > kChunksPerTurn) chunks.resize(kChunksPerTurn);
  for (const TransferId& id : chunks) {
    if (is_paused()) break;
    if (Download* found = download(id)) send_chunk(*found);
    last_served_ = id.serial;
  }
}

void BulkLoop::drop(const content::Name& name) {
  std::vector<TransferId> ended;
  for (const auto& [id, connection] : connections_)
    for (const auto& [number, u] : connection.uploads)
      if (u.name.party == name.party && u.name.digest == name.digest && u.stage != Upload::Stage::asking)
        ended.push_back(u.id);
  for (const TransferId& id : ended) refuse(id, {ErrorCode::content_not_permitted, {{"digest", to_hex(name.digest)}}});
  if (auto removed = store_.remove(name); !removed) spdlog::error("{}", describe(removed.error(), Language::english));
}

void BulkLoop::refuse(TransferId id, const Error& error) {
  const auto connection = connections_.find(id.connection);
  if (connection == connections_.end()) return;
  if (upload(id) != nullptr) connection->second.uploads.erase(id.number);
  if (download(id) != nullptr) connection->second.downloads.erase(id.number);
  send(id.connection, wire::ContentRefused{id.number, error});
}

bool BulkLoop::is_uploading(const content::Name& name) const {
  for (const auto& [id, connection] : connections_)
    for (const auto& [number, u] : connection.uploads)
      if (u.name.party == name.party && u.name.digest == name.digest) return true;
  return false;
}

std::size_t BulkLoop::transfers() const {
  std::size_t count = 0;
  for (const auto& [id, connection] : connections_) count += connection.uploads.size() + connection.downloads.size();
  return count;
}

BulkLoop::Upload* BulkLoop::upload(const TransferId& id) {
  const auto connection = connections_.find(id.connection);
  if (connection == connections_.end()) return nullptr;
  const auto entry = connection->second.uploads.find(id.number);
  return entry != connection->second.uploads.end() && entry->second.id.serial == id.serial ? &entry->second : nullptr;
}

BulkLoop::Download* BulkLoop::download(const TransferId& id) {
  const auto connection = connections_.find(id.connection);
  if (connection == connections_.end()) return nullptr;
  const auto entry = connection->second.downloads.find(id.number);
  return entry != connection->second.downloads.end() && entry->second.id.serial == id.serial ? &entry->second : nullptr;
}

}  // namespace hub::runtime
