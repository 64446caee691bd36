// The folder adapter: an agency's files to the hub and back.
//
// One thread owns it: the one that calls run(). It wakes for the hub, for a change in a watched folder, for edXML that was
// read or written beside it (background.hpp), for a signal, and for nothing else.
#pragma once

#include <memory>
#include <string>

#include "adapters/folder/config.hpp"
#include "adapters/folder/inbox.hpp"
#include "adapters/folder/outbox.hpp"
#include "adapters/folder/watch.hpp"
#include "adapters/sdk/client.hpp"

namespace hub::folder {

// At most so much is taken from the outbox and not yet answered; the rest stays with the agency, as files.
constexpr std::size_t kQueuedDocumentsMax = 4096;
constexpr std::size_t kQueuedBytesMax = 64 << 20;

class FolderAdapter final : private sdk::Events {
 public:
  // Opens folders and store, and finishes what an earlier life left.
  static Result<std::unique_ptr<FolderAdapter>> open(const Config& config);

  // Runs until `stop_descriptor` becomes readable, or until something is so wrong that a person has to look.
  Result<void> run(int stop_descriptor);

 private:
  FolderAdapter(const Config& config, AgencyFolder folder, Watch watch, std::unique_ptr<sdk::Store> store,
                std::unique_ptr<Background> background, sdk::Progress progress);
  Result<void> recover();
  Result<void> turn();
  bool wants_files() const;
  Result<void> take_files();
  Result<void> take_read_files();
  Result<void> submit(std::vector<Submission> submissions);
  Result<void> report_statuses();
  Result<void> prune_daily(UnixMicros now);
  void publish_credentials();

  void on_connected(const wire::Welcome& welcome) override;
  void on_disconnected(const Error& error) override;
  void on_result(sdk::Ticket ticket, const wire::DocumentResult& result) override;
  Result<void> on_deliveries(std::span<const sdk::VerifiedDelivery> deliveries) override;
  Result<void> on_receipts(std::span<const sdk::ReceivedReceipt> receipts) override;
  void on_answer(std::uint64_t request, const std::optional<Error>& refusal) override;
  void on_report_answer(sdk::ReportTicket ticket, Position record, const std::optional<Error>& refusal) override;
  void on_checkpoint() override;
  void on_error(const Error& error) override;
  Result<content::File> open_content(sdk::Ticket ticket, std::size_t attachment) override;
  Result<void> on_content(const sdk::ContentRequest& request, const std::optional<Error>& failure) override;
  void fetch_contents();

  UnixMicros clock() const;

  const std::string party_, credentials_;
  const std::int64_t clock_ahead_;  // microseconds; of a demonstration
  const std::optional<EdxmlSetup> edxml_setup_;
  AgencyFolder folder_;
  Watch watch_;
  std::unique_ptr<sdk::Store> store_;
  StatusReports reports_;
  std::unique_ptr<Background> background_;
  EdxmlFiles edxml_;
  Outbox outbox_;
  Inbox inbox_;
  sdk::Client client_;
  std::map<std::uint64_t, std::string> published_;  // request -> file
  std::string last_error_;                          // a lasting trouble is said once, not with every attempt
  bool outbox_changed_ = true, save_progress_ = false, connected_before_ = false;
  UnixMicros pruned_at_;
};

}  // namespace hub::folder
