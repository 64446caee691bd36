// Folders and the few file operations that durability is made of. A name is durable once its folder was synced, a
// content once its file was; nothing here syncs on its own, so that many files share one sync of their folder.
//
// One thread owns a Folder. Failures are io_failed with the path.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "hub/base/result.hpp"

namespace hub::folder {

class Folder {
 public:
  static Result<Folder> open(const std::string& path);  // made when missing
  Folder(Folder&& other) noexcept;
  Folder& operator=(Folder&&) = delete;
  ~Folder();

  const std::string& path() const { return path_; }
  int descriptor() const { return descriptor_; }

  bool has(const std::string& name) const;
  // Each name of a regular file, or of one whose kind the file system does not tell, in no order.
  Result<void> each_file(const std::function<void(const char* name)>& visit) const;
  Result<void> write(const std::string& name, std::string_view text) const;  // replaces
  Result<void> sync_file(const std::string& name) const;
  Result<void> sync() const;  // the names in it
  // Into `to`, replacing what has that name there. False: there is no such file here.
  Result<bool> move(const std::string& name, const Folder& to, const std::string& new_name) const;
  // As move, but replaces nothing: false when the name is taken.
  Result<bool> move_to_free(const std::string& name, const Folder& to, const std::string& new_name) const;
  Result<void> remove(const std::string& name) const;

  tl::unexpected<Error> failed(const char* operation, const std::string& name) const;

 private:
  Folder(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;
  int descriptor_ = -1;
};

struct NamedText {
  const Folder* to = nullptr;
  std::string name, text;
};

// Puts files in place, whole or not at all, and durable when it returns: written into `staging`, synced, renamed.
Result<void> publish(const Folder& staging, std::span<const NamedText> files);

}  // namespace hub::folder
