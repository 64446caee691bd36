// The end of the journal in memory: records are encoded straight into it, groups are written to disk from it, and what
// was appended not long ago is read from it.
//
// A ring of bytes in which a group never wraps: one that might not fit before the end begins at the beginning. With
// three groups' room the group that is being filled can't reach the one on its way: that one ends at most a group
// before the place where the next begins, or so near the end that it begins two groups behind the beginning.
//
// Threads: the journal's owner. The commit thread reads the bytes of a group that was handed to it.
#pragma once

#include <memory>
#include <optional>

#include "hub/base/ring.hpp"
#include "hub/crypto/digest.hpp"
#include "hub/journal/record_format.hpp"

namespace hub::journal {

class Tail {
 public:
  Tail(std::size_t bytes, std::size_t group_bytes_max, Position next);

  void begin_group();
  std::size_t group_bytes() const { return at_ - group_start_; }
  ByteView group() const { return {bytes_.get() + group_start_, group_bytes()}; }

  // Room for the next record of the group; older records give way. To be filled and then kept.
  std::uint8_t* reserve(std::size_t record_bytes);
  void keep(std::size_t record_bytes, const crypto::Digest& head);

  const std::uint8_t* find(Position position) const;  // nullptr when it is not here (any more)
  std::optional<crypto::Digest> head(Position position) const;

 private:
  struct Entry {
    std::size_t offset = 0;
    crypto::Digest head{};
  };
  const Entry* entry(Position position) const;

  const std::size_t size_, group_bytes_max_;
  std::unique_ptr<std::uint8_t[]> bytes_;
  std::size_t group_start_ = 0, at_ = 0;
  Position first_;  // of the oldest entry
  Ring<Entry> entries_;
};

}  // namespace hub::journal
