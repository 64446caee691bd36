// Tells that something changed in a folder, not what: the folder itself is read then. So a lost or merged event costs
// nothing, and neither does an overflow of the kernel's queue.
//
// One thread owns it.
#pragma once

#include <string>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::folder {

class Watch {
 public:
  static Result<Watch> create();
  Watch(Watch&& other) noexcept : descriptor_(other.descriptor_), folders_(std::move(other.folders_)) {
    other.descriptor_ = -1;
  }
  Watch& operator=(Watch&&) = delete;
  ~Watch();

  // Files that were written and closed, or moved in. Folders are numbered from 0, as they are added.
  Result<void> add(const std::string& folder);
  int descriptor() const { return descriptor_; }
  // Whether anything happened since the last call, for each folder.
  std::vector<bool> take_changes();

 private:
  explicit Watch(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
  std::vector<int> folders_;
};

}  // namespace hub::folder
