// Where durable records stand in their files, and reading them from there. Of the current segment, four bytes a record;
// of a sealed one, its index: every 32nd record, read from its file when a record of the segment is asked for.
//
// Threads: the journal's owner. Files are opened for reading when a record of theirs is first asked for.
#pragma once

#include <list>
#include <memory>
#include <vector>

#include "hub/journal/segment_index.hpp"

namespace hub::journal {

constexpr std::size_t kOpenSealedMax = 16;  // so many sealed segments are kept open with their indexes

class StoredRecords {
 public:
  explicit StoredRecords(ports::Disk& disk) : disk_(disk) {}

  struct Sealed {
    Position first;
    std::uint64_t count = 0;
    std::uint64_t end = 0;  // bytes: behind its last record
  };
  // Sealed segments, in order; then the current one, and its records in order.
  void add_sealed(const Sealed& segment) { sealed_.push_back(segment); }
  void add_segment(Position first);
  void add_record(std::uint64_t offset, std::uint64_t bytes);
  bool has_current() const { return !offsets_.empty(); }  // a record in the current segment
  // Makes the current segment, which has records, a sealed one, and tells where every 32nd of them stands.
  std::vector<std::uint32_t> seal();
  const Sealed& last_sealed() const { return sealed_.back(); }

  // A record that was added, checked, in `scratch`.
  Result<RecordView> read(Position position, Buffer& scratch) const;

 private:
  struct OpenSealed {
    Position first;
    std::vector<std::uint32_t> offsets;
    std::unique_ptr<ports::File> file;
  };
  // A run of a file's bytes in `bytes`, read as it is needed.
  struct Window {
    const ports::File& file;
    Buffer& bytes;
    std::uint64_t end;  // nothing from there on is read
    std::uint64_t start = 0;

    Result<ByteView> at(std::uint64_t offset, std::uint64_t count);
  };

  const Sealed* sealed_segment_of(Position position) const;
  Result<const OpenSealed*> open(const Sealed& segment) const;
  Result<std::vector<std::uint32_t>> offsets_of(const Sealed& segment, const ports::File& file) const;
  Result<RecordView> read_sealed(const Sealed& segment, Position position, Buffer& scratch) const;
  Result<RecordView> read_current(Position position, Buffer& scratch) const;
  Result<RecordView> checked(const std::string& name, std::uint64_t offset, Result<ByteView> bytes,
                             Position position) const;

  ports::Disk& disk_;
  std::vector<Sealed> sealed_;
  mutable std::list<OpenSealed> open_;  // the one that was used last comes first

  Position first_;                      // of the current segment
  std::vector<std::uint32_t> offsets_;  // in units of 8 bytes
  std::uint64_t end_ = 0;               // bytes: behind its last record
  mutable std::unique_ptr<ports::File> file_;

  struct Next {  // behind the sealed record that was read last
    Position position;
    std::uint64_t offset = 0;  // 0: none
  };
  mutable Next next_;
};

}  // namespace hub::journal
