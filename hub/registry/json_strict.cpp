#include <nlohmann/json.hpp>

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/tree_builder.hpp"

namespace hub::registry {
namespace {

// Lets the JSON library read a text while we know how far it is: its events carry no positions.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** progress) : at_(at), progress_(progress) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *progress_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  [[maybe_unused]] friend bool operator==(const CountingIterator& a, const CountingIterator& b) { return a.at_ == b.at_; }
  friend bool operator!=(const CountingIterator& a, const CountingIterator& b) { return a.at_ != b.at_; }

 private:
  const char* at_;
  const char** progress_;
};

// Line and column (in characters) of byte offsets that never go back.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}
  Mark at(std::size_t offset) {
    for (; at_ < offset && at_ < text_.size(); ++at_) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '\n') {
        mark_ = {mark_.line + 1, 1};
      } else if ((c & 0xc0) != 0x80) {
        ++mark_.column;
      }
    }
    return mark_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  Mark mark_;
};

class Sax : public nlohmann::json_sax<nlohmann::json> {
 public:
  Sax(TreeBuilder& tree, std::string_view text, const char* const& progress)
      : tree_(tree), text_(text), progress_(progress), places_(text) {}

  bool null() override { return tree_.value(nullptr, literal()); }
  bool boolean(bool v) override { return tree_.value(v, literal()); }
  bool number_integer(number_integer_t v) override { return tree_.value(v, literal()); }
  bool number_unsigned(number_unsigned_t v) override { return tree_.value(v, literal()); }
  bool number_float(number_float_t v, const string_t&) override { return tree_.value(v, literal()); }
  bool string(string_t& v) override { return tree_.value(std::move(v), quoted()); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return tree_.begin(nlohmann::json::object(), places_.at(read() - 1)); }
  bool start_array(std::size_t) override { return tree_.begin(nlohmann::json::array(), places_.at(read() - 1)); }
  bool key(string_t& v) override { return tree_.key(std::move(v), quoted()); }
  bool end_object() override { return tree_.end(); }
  bool end_array() override { return tree_.end(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& e) override {
    // The library's message starts with its own name for the error and the place, which we give ourselves.
    const std::string_view what = e.what();
    const std::size_t detail = what.find(": ");
    return tree_.refuse(places_.at(position > 0 ? position - 1 : 0),
                        std::string(detail == what.npos ? what : what.substr(detail + 2)));
  }

 private:
  std::size_t read() const { return static_cast<std::size_t>(progress_ - text_.data()); }
  // Where the string that ends at its closing quote starts: at the quote before it that no backslash escapes.
  Mark quoted() {
    std::size_t at = read() - 1;
    bool escaped = true;
    while (at > 0 && escaped) {
      at = text_.rfind('"', at - 1);
      std::size_t backslashes = 0;
      while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
      escaped = backslashes % 2 != 0;
    }
    return places_.at(at);
  }
  // A number is read one character too far.
  Mark literal() {
    constexpr std::string_view kCharacters = "+-.0123456789aeflnrstuE";
    const std::size_t last = text_.find_last_of(kCharacters, read() - 1);
    const std::size_t before = text_.find_last_not_of(kCharacters, last);
    return places_.at(before == text_.npos ? 0 : before + 1);
  }

  TreeBuilder& tree_;
  std::string_view text_;
  const char* const& progress_;
  Places places_;
};

}  // namespace

Result<Marks> parse_json_strict(std::string_view text, std::string file, nlohmann::json& out) {
  TreeBuilder tree(out, std::move(file));
  if (!is_utf8(text)) tree.refuse({}, "the file is not valid UTF-8");
  if (!tree.failed()) {
    const char* progress = text.data();
    Sax sax(tree, text, progress);
    const CountingIterator begin(text.data(), &progress), end(text.data() + text.size(), &progress);
    nlohmann::json::sax_parse(begin, end, &sax);
  }
  if (tree.failed()) return tl::unexpected(tree.error());
  return std::move(tree.marks());
}

}  // namespace hub::registry
