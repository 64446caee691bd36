// hub-ledger: keeps the ledger up with the journal that hubd writes. `hub-ledger --config hub.yaml` runs until SIGTERM
// or SIGINT, at the lowest priority, since nothing of the hub waits for it.
#include <poll.h>
#include <sched.h>
#include <spdlog/spdlog.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <cstdio>

#include "hub/app/hub_settings.hpp"
#include "hub/app/journal_watch.hpp"
#include "hub/app/output.hpp"
#include "hub/base/check.hpp"
#include "hub/base/error_catalogue.hpp"
#include "hub/crypto/keys.hpp"
#include "hub/ledger/ledger.hpp"
#include "hub/log/log.hpp"
#include "hub/runtime/posix_disk.hpp"
#include "hub/runtime/signals.hpp"
#include "hub/sql/address.hpp"

namespace {

using hub::Position;
using hub::Result;

constexpr std::uint64_t kRecordsPerLine = 1'000'000;  // of the log, while it catches up
// After a write that failed: nothing tells that a full disk has room again, or a database answers. Twice as long each time.
constexpr int kRetryMillisMin = 500, kRetryMillisMax = 10'000;

// What the system grants of it: a ledger at normal priority is still right.
void take_lowest_priority() {
  constexpr int kWhoProcess = 1, kClassIdle = 3, kClassShift = 13;  // <linux/ioprio.h>, which Debian's headers lack
  const sched_param parameters{};
  if (::sched_setscheduler(0, SCHED_IDLE, &parameters) != 0 ||
      ::syscall(SYS_ioprio_set, kWhoProcess, 0, kClassIdle << kClassShift) != 0)
    spdlog::warn("not at the lowest priority");
}

class Following {
 public:
  Following(const hub::runtime::HubOptions& options, hub::runtime::Signals& signals)
      : options_(options), signals_(signals) {}

  Result<void> run() {
    const std::string folder = options_.data + "/journal";
    auto disk = hub::runtime::PosixDisk::open(folder);
    if (!disk) return tl::unexpected(disk.error());
    auto watch = hub::app::JournalWatch::open(folder);
    if (!watch) return tl::unexpected(watch.error());
    while (!stopping_) {
      watch->take_changes();
      const auto end = hub::journal::read_durable_end(**disk);
      if (!end) return tl::unexpected(end.error());
      const auto followed = *end ? follow(**disk, **end) : Result<void>();
      if (!followed && !stands_still(followed.error())) return followed;
      if (!stopping_) wait(*watch, followed.has_value());
    }
    return ledger_ ? ledger_->fold_log() : Result<void>();
  }

 private:
  Result<void> follow(hub::ports::Disk& disk, const hub::journal::DurableEnd& end) {
    // A journal that was put back from a copy.
    if (ledger_ && (ledger_->journal() != end.journal || ledger_->position() > end.end)) ledger_.reset();
    if (!ledger_)
      if (auto opened = open(disk, end); !opened) return opened;
    while (!stopping_ && ledger_->position() < end.end) {
      const auto added = ledger_->advance(end.end);
      if (!added) return tl::unexpected(added.error());
      tell(ledger_->position(), end.end);
      stopping_ = signals_.take() != 0;
    }
    if (standing_still_ && !stopping_) spdlog::info("the ledger is up with the journal again");
    standing_still_ = false;
    if (!ready_ && !stopping_) {
      std::printf("ready %llu\n", static_cast<unsigned long long>(ledger_->position().value));
      std::fflush(stdout);
      ready_ = true;
    }
    return {};
  }

  // A ledger that was right once waits for a disk that can be written again, as a full one can after a while; and any, for
  // its database. What was not committed is read again from the journal. The lock on a database may be that of our own
  // connection, which the server has not yet seen go.
  bool stands_still(const hub::Error& error) {
    using hub::ErrorCode;
    const bool cures_itself =
        error.code == ErrorCode::ledger_unreachable ||
        (ready_ && (error.code == ErrorCode::io_failed || error.code == ErrorCode::ledger_in_use));
    if (!cures_itself) return false;
    if (!standing_still_)
      spdlog::error("the ledger stands still, and goes on by itself once this is cured: {}",
                    hub::describe(error, hub::Language::english));
    standing_still_ = true;
    ledger_.reset();
    return true;
  }

  Result<void> open(hub::ports::Disk& disk, const hub::journal::DurableEnd& end) {
    auto ledger =
        hub::ledger::Ledger::open(options_.ledger, disk, end, [this](Position at, Position of) { tell(at, of); });
    if (!ledger) return tl::unexpected(ledger.error());
    ledger_ = std::move(*ledger);
    const std::string place = hub::sql::described(options_.ledger);
    if (!ledger_->discarded().empty())
      spdlog::warn("the ledger {} is DISCARDED and built anew from the journal: {}", place, ledger_->discarded());
    spdlog::info("ledger {} at position {}, journal at {}", place, ledger_->position().value, end.end.value);
    return {};
  }

  void tell(Position at, Position of) {
    if (at.value / kRecordsPerLine == told_) return;
    told_ = at.value / kRecordsPerLine;
    spdlog::info("at position {} of {}", at.value, of.value);
  }

  // Until the journal goes on; after a failure for a while, however fast it goes on.
  void wait(const hub::app::JournalWatch& watch, bool up) {
    pollfd descriptors[] = {{signals_.descriptor(), POLLIN, 0}, {watch.descriptor(), POLLIN, 0}};
    HUB_CHECK(::poll(descriptors, up ? 2 : 1, up ? -1 : retry_millis_) >= 0 || errno == EINTR);
    retry_millis_ = up ? kRetryMillisMin : std::min(2 * retry_millis_, kRetryMillisMax);
    stopping_ = signals_.take() != 0;
  }

  const hub::runtime::HubOptions& options_;
  hub::runtime::Signals& signals_;
  std::unique_ptr<hub::ledger::Ledger> ledger_;
  bool ready_ = false, stopping_ = false, standing_still_ = false;
  int retry_millis_ = kRetryMillisMin;
  std::uint64_t told_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  hub::crypto::initialise();
  (void)hub::log::start("hub-ledger", {});  // until its settings are read
  CLI::App app{"Keeps the ledger of a coordination hub up with its journal"};
  app.set_version_flag("--version", HUB_VERSION);
  std::string config;
  hub::app::Output output;
  app.add_option("--config", config, "hub.yaml")->required();
  app.add_flag("--json", output.json, "Print errors as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? hub::app::kDone : hub::app::kUsage;
  }
  hub::runtime::Signals signals({SIGTERM, SIGINT});
  const auto settings = hub::app::read_hub_settings(config);
  if (!settings) return output.refused(settings.error());
  if (auto started = hub::log::start("hub-ledger", settings->log); !started) return output.refused(started.error());
  take_lowest_priority();
  if (auto ran = Following(*settings, signals).run(); !ran) return output.refused(ran.error());
  return hub::app::kDone;
}
