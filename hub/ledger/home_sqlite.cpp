// A ledger in a file: a lock file beside it says who writes.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "hub/ledger/home.hpp"
#include "hub/ledger/schema.hpp"
#include "hub/sql/sqlite_database.hpp"

namespace hub::ledger {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> failed(const char* operation, const std::string& path, int error) {
  return fail(ErrorCode::io_failed,
              {{"operation", operation}, {"path", path}, {"reason", std::generic_category().message(error)}});
}

// Pages are changed again and again while a ledger catches up, those of the lists of words most: the more of them one
// transaction and one checkpoint take together, the less is written. Bytes of memory, and pages of the log.
constexpr const char* kFileSettings = "PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384";

// The file first: a log without its file means nothing to anybody, a file without its log would.
Result<void> remove_database(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    fs::remove(path + suffix, error);
    if (error) return failed("remove", path + suffix, error.value());
  }
  return {};
}

// Held while a process writes the ledger.
class FileLock {
 public:
  static Result<std::unique_ptr<FileLock>> take(const std::string& path) {
    const std::string name = path + ".lock";
    const int descriptor = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor < 0) return failed("open", name, errno);
    std::unique_ptr<FileLock> lock(new FileLock(descriptor));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK) return fail(ErrorCode::ledger_in_use, {{"path", path}});
    return failed("flock", name, errno);
  }
  ~FileLock() { ::close(descriptor_); }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

class FileHome final : public Home {
 public:
  FileHome(std::string path, std::unique_ptr<FileLock> lock) : path_(std::move(path)), lock_(std::move(lock)) {}

  Result<bool> open() override {
    if (!fs::exists(path_)) return false;
    auto database = sql::open_sqlite(path_, sqlite::Access::writer);
    if (!database) return tl::unexpected(database.error());
    database_ = std::move(*database);
    if (auto set = database_->execute(kFileSettings); !set) return tl::unexpected(set.error());
    return true;
  }

  Result<void> begin_anew() override { return begin(path_); }
  Result<void> begin_beside() override { return begin(beside()); }

  Result<void> move_in() override {
    if (auto folded = fold_log(); !folded) return folded;
    database_.reset();  // the log is in the file and gone
    if (auto removed = remove_database(path_); !removed) return removed;
    std::error_code error;
    fs::rename(beside(), path_, error);
    if (error) return failed("rename", beside(), error.value());
    return {};
  }

  Result<void> fold_log() override { return database_->execute("PRAGMA wal_checkpoint(TRUNCATE)"); }

 private:
  std::string beside() const { return path_ + ".new"; }

  Result<void> begin(const std::string& path) {
    database_.reset();
    if (auto removed = remove_database(path); !removed) return removed;
    auto database = sql::open_sqlite(path, sqlite::Access::writer);
    if (!database) return tl::unexpected(database.error());
    database_ = std::move(*database);
    if (auto set = database_->execute(kFileSettings); !set) return set;
    sql::Transaction transaction(*database_);
    if (auto begun = transaction.begin(); !begun) return begun;
    if (auto made = create_schema(*database_); !made) return made;
    return transaction.commit();
  }

  const std::string path_;
  const std::unique_ptr<FileLock> lock_;
};

}  // namespace

Result<std::unique_ptr<Home>> hold_file(const std::string& path) {
  auto lock = FileLock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  return std::make_unique<FileHome>(path, std::move(*lock));
}

Result<std::unique_ptr<sql::Database>> read_file_ledger(const std::string& path) {
  if (!fs::exists(path)) return fail(ErrorCode::ledger_missing, {{"path", path}});
  return sql::open_sqlite(path, sqlite::Access::reader);
}

}  // namespace hub::ledger
