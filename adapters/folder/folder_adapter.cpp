#include "adapters/folder/folder_adapter.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdio>

#include "hub/base/error_catalogue.hpp"

namespace hub::folder {
namespace {

constexpr std::size_t kOutboxWatch = 0, kCredentialsWatch = 1;
constexpr std::chrono::microseconds kWaitMax = std::chrono::hours(1);  // for the daily cleaning

UnixMicros wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return UnixMicros(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

sdk::ClientOptions client_options(const Config& config, const sdk::Progress& progress) {
  return {.address = config.hub_address,
          .hub_key = config.hub_key,
          .transport_public = config.transport_key.public_key,
          .transport_secret = *config.transport_key.secret,
          .party = config.party,
          .endpoint = config.endpoint,
          .signing_key = crypto::SigningKey::from_seed(*config.signing_key.secret),
          .pins = config.pins,
          .progress = progress,
          .software = "hub-adapter folder",
          .tree_keys = config.tree_keys};
}

}  // namespace

Result<std::unique_ptr<FolderAdapter>> FolderAdapter::open(const Config& config) {
  auto folder = AgencyFolder::open(config.agency);
  if (!folder) return tl::unexpected(folder.error());
  for (const std::string& path : {config.state, config.credentials})
    if (const auto made = Folder::open(path); !made) return tl::unexpected(made.error());
  auto store = sdk::Store::open(config.state + "/state.sqlite", config.party);
  if (!store) return tl::unexpected(store.error());
  const auto progress = (*store)->progress();
  if (!progress) return tl::unexpected(progress.error());
  auto watch = Watch::create();
  if (!watch) return tl::unexpected(watch.error());
  // Watched before they are read for the first time: what comes in between is seen twice rather than never.
  for (const std::string& path : {folder->outbox.path(), config.credentials})
    if (auto added = watch->add(path); !added) return tl::unexpected(added.error());
  auto background = Background::create();
  if (!background) return tl::unexpected(background.error());
  std::unique_ptr<FolderAdapter> adapter(new FolderAdapter(config, std::move(*folder), std::move(*watch),
                                                           std::move(*store), std::move(*background), *progress));
  if (auto recovered = adapter->recover(); !recovered) return tl::unexpected(recovered.error());
  return adapter;
}

FolderAdapter::FolderAdapter(const Config& config, AgencyFolder folder, Watch watch,
                             std::unique_ptr<sdk::Store> store, std::unique_ptr<Background> background,
                             sdk::Progress progress)
    : party_(config.party),
      credentials_(config.credentials),
      clock_ahead_(config.as_of ? config.as_of->value - wall_clock().value : 0),
      edxml_setup_(config.edxml),
      folder_(std::move(folder)),
      watch_(std::move(watch)),
      store_(std::move(store)),
      reports_(folder_, *store_),
      background_(std::move(background)),
      edxml_(party_, folder_.outbox, config.state, edxml_setup_ ? &*edxml_setup_ : nullptr, *background_),
      outbox_(party_, folder_, *store_, reports_, edxml_),
      inbox_(folder_, *store_, edxml_.setup(), *background_),
      client_(client_options(config, progress), *this) {}

UnixMicros FolderAdapter::clock() const { return UnixMicros(wall_clock().value + clock_ahead_); }

Result<void> FolderAdapter::recover() {
  if (auto recovered = inbox_.recover(clock()); !recovered) return recovered;
  fetch_contents();
  auto submissions = outbox_.recover();
  if (!submissions) return tl::unexpected(submissions.error());
  if (!submissions->empty()) spdlog::info("{} documents from before go again", submissions->size());
  if (auto submitted = submit(std::move(*submissions)); !submitted) return submitted;
  if (auto reported = report_statuses(); !reported) return reported;
  return outbox_.settle(client_.progress(), clock());
}

// What is in the store goes to the hub: status files, and failures that the inbox has logged. What was answered is filed.
Result<void> FolderAdapter::report_statuses() {
  auto reports = reports_.next();
  if (!reports) return tl::unexpected(reports.error());
  for (sdk::StatusReport& report : *reports) client_.report(std::move(report));
  return reports_.settle(clock());
}

Result<void> FolderAdapter::run(int stop_descriptor) {
  pollfd others[] = {
      {stop_descriptor, POLLIN, 0}, {watch_.descriptor(), POLLIN, 0}, {background_->descriptor(), POLLIN, 0}};
  for (;;) {
    if (auto done = turn(); !done) return done;
    client_.poll(outbox_.measure() || wants_files() ? std::chrono::microseconds(0) : kWaitMax, others);
    if (client_.failure()) return tl::unexpected(*client_.failure());
    if (others[0].revents != 0) break;
    if (others[2].revents != 0)
      if (auto finished = background_->finish(); !finished) return finished;
    if (others[1].revents == 0) continue;
    const std::vector<bool> changed = watch_.take_changes();
    outbox_changed_ = outbox_changed_ || changed[kOutboxWatch];
    if (changed[kCredentialsWatch] && client_.connected()) publish_credentials();
  }
  auto settled = outbox_.settle(client_.progress(), clock());
  client_.disconnect();
  return settled;
}

Result<void> FolderAdapter::turn() {
  const UnixMicros now = clock();
  if (save_progress_) {
    if (auto saved = store_->save(client_.progress()); !saved) return saved;
    save_progress_ = false;
  }
  if (auto settled = outbox_.settle(client_.progress(), now); !settled) return settled;
  if (auto settled = reports_.settle(now); !settled) return settled;
  if (auto taken = take_read_files(); !taken) return taken;
  if (auto taken = take_files(); !taken) return taken;
  return prune_daily(now);
}

// A folder is read again only when a good part of the queue is free: reading it costs as much as it holds.
bool FolderAdapter::wants_files() const {
  const bool room = client_.unanswered() + edxml_.reading() <= kQueuedDocumentsMax / 2 &&
                    client_.unanswered_bytes() <= kQueuedBytesMax / 2;
  return room && (outbox_changed_ || outbox_.more_waiting());
}

Result<void> FolderAdapter::take_files() {
  if (!wants_files()) return {};
  outbox_changed_ = false;
  auto submissions = outbox_.take(
      {kQueuedDocumentsMax - client_.unanswered(), kQueuedBytesMax - client_.unanswered_bytes()}, clock());
  if (!submissions) return tl::unexpected(submissions.error());
  if (auto submitted = submit(std::move(*submissions)); !submitted) return submitted;
  if (const auto files = outbox_.take_status_files(); !files.empty()) {
    if (auto taken = reports_.take(files, client_.progress().journal_id, clock()); !taken) return taken;
    if (auto reported = report_statuses(); !reported) return reported;
  }
  return outbox_.settle(client_.progress(), clock());
}

Result<void> FolderAdapter::take_read_files() {
  auto submissions = outbox_.take_read(clock());
  if (!submissions) return tl::unexpected(submissions.error());
  if (auto submitted = submit(std::move(*submissions)); !submitted) return submitted;
  auto statuses = outbox_.take_edxml_statuses();
  if (statuses.empty()) return {};
  if (auto taken = reports_.take(std::move(statuses)); !taken) return taken;
  return report_statuses();
}

Result<void> FolderAdapter::submit(std::vector<Submission> submissions) {
  for (Submission& submission : submissions)
    if (auto added = client_.submit(submission.ticket, std::move(submission.document)); !added) return added;
  return {};
}

Result<void> FolderAdapter::prune_daily(UnixMicros now) {
  if (now.value - pruned_at_.value < kMicrosPerDay) return {};
  pruned_at_ = now;
  return store_->prune(now);
}

// All of them, at each connection and at each change: the hub knows those that it has.
void FolderAdapter::publish_credentials() {
  const auto folder = Folder::open(credentials_);
  std::vector<std::string> names;
  if (folder && folder->each_file([&](const char* name) { names.emplace_back(name); })) {
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      if (is_ignored_name(name) || !name.ends_with(".json")) continue;
      FileRead file = read_agency_file(*folder, name, wire::kCredentialBytesMax);
      if (file.kind == FileRead::Kind::content) {
        while (!file.content.empty() && file.content.back() == '\n') file.content.pop_back();
        published_[client_.publish(std::move(file.content))] = name;
      } else if (file.kind == FileRead::Kind::refused) {
        spdlog::error("credential {}: {}", name, describe(file.error, Language::vietnamese));
      }
    }
  }
}

void FolderAdapter::on_connected(const wire::Welcome& welcome) {
  spdlog::info("connected to {} as {}, session {}", welcome.origin, welcome.party, welcome.session.value);
  last_error_.clear();
  save_progress_ = true;
  published_.clear();
  publish_credentials();
  if (connected_before_) {
    std::printf("ready %s session %llu\n", party_.c_str(), static_cast<unsigned long long>(welcome.session.value));
  } else {
    std::printf("ready %s\n", party_.c_str());
  }
  std::fflush(stdout);
  connected_before_ = true;
}

void FolderAdapter::on_disconnected(const Error& error) {
  std::string text = describe(error, Language::vietnamese);
  if (text == last_error_) return;
  spdlog::warn("{}", text);
  last_error_ = std::move(text);
}

void FolderAdapter::on_result(sdk::Ticket ticket, const wire::DocumentResult& result) {
  outbox_.answer(ticket, result);
}

Result<void> FolderAdapter::on_deliveries(std::span<const sdk::VerifiedDelivery> deliveries) {
  if (auto delivered = inbox_.deliver(deliveries, client_.progress(), clock()); !delivered) return delivered;
  fetch_contents();
  return report_statuses();
}

void FolderAdapter::fetch_contents() {
  for (sdk::ContentRequest& request : inbox_.take_requests()) client_.fetch(std::move(request));
}

Result<content::File> FolderAdapter::open_content(sdk::Ticket ticket, std::size_t attachment) {
  return outbox_.open_content(ticket, attachment);
}

Result<void> FolderAdapter::on_content(const sdk::ContentRequest& request, const std::optional<Error>& failure) {
  if (failure && failure->code == ErrorCode::io_failed) return tl::unexpected(*failure);
  const auto done = failure ? inbox_.content_failed(request, *failure, clock()) : inbox_.store_content(request, clock());
  if (!done) return done;
  return report_statuses();
}

Result<void> FolderAdapter::on_receipts(std::span<const sdk::ReceivedReceipt> receipts) {
  // Answers of the same turn first, so that the names under which receipts are filed are known.
  if (auto settled = outbox_.settle(client_.progress(), clock()); !settled) return settled;
  if (auto settled = outbox_.settle_names(receipts); !settled) return settled;
  return inbox_.store_receipts(receipts, client_.progress());
}

void FolderAdapter::on_answer(std::uint64_t request, const std::optional<Error>& refusal) {
  const auto file = published_.find(request);
  const std::string name = file == published_.end() ? "?" : file->second;
  if (refusal) spdlog::error("credential {}: {}", name, describe(*refusal, Language::vietnamese));
  if (file != published_.end()) published_.erase(file);
}

void FolderAdapter::on_report_answer(sdk::ReportTicket ticket, Position record, const std::optional<Error>& refusal) {
  reports_.answer(ticket, record, refusal);
  outbox_changed_ = true;  // its file's name is free again
}

void FolderAdapter::on_checkpoint() { save_progress_ = true; }

void FolderAdapter::on_error(const Error& error) { spdlog::warn("{}", describe(error, Language::vietnamese)); }

}  // namespace hub::folder
