#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <sstream>

#include "hub/base/msgpack_reader.hpp"
#include "hub/registry/tree_builder.hpp"

namespace hub::registry {
namespace {

Mark mark_of(const YAML::Mark& mark) {
  return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

bool all_of(std::string_view text, std::string_view set) {
  return !text.empty() && text.find_first_not_of(set) == text.npos;
}

// YAML 1.2 core schema, section 10.3.2: [-+]?[0-9]+, 0o[0-7]+, 0x[0-9a-fA-F]+.
bool is_integer(std::string_view text, int& base) {
  base = 10;
  if (text.starts_with("0o")) return base = 8, all_of(text.substr(2), "01234567");
  if (text.starts_with("0x")) return base = 16, all_of(text.substr(2), "0123456789abcdefABCDEF");
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return all_of(text, "0123456789");
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool is_float(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789";
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t e = text.find_first_of("eE");
  if (e != text.npos) {
    std::string_view exponent = text.substr(e + 1);
    if (exponent.starts_with('-') || exponent.starts_with('+')) exponent.remove_prefix(1);
    if (!all_of(exponent, kDigits)) return false;
    text = text.substr(0, e);
  }
  const std::size_t dot = text.find('.');
  if (dot == text.npos) return all_of(text, kDigits);
  const std::string_view whole = text.substr(0, dot), fraction = text.substr(dot + 1);
  if (whole.empty()) return all_of(fraction, kDigits);
  return all_of(whole, kDigits) && (fraction.empty() || all_of(fraction, kDigits));
}

// A plain scalar's value; nothing when it is a number that JSON can't hold.
std::optional<nlohmann::json> resolve(std::string_view text) {
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  int base = 10;
  if (is_integer(text, base)) {
    if (base != 10) digits.remove_prefix(2);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  }
  if (is_float(text)) {
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  }
  constexpr std::string_view kNotFinite[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"};
  for (const std::string_view name : kNotFinite)
    if (text == name || (text.size() == 5 && (text[0] == '-' || text[0] == '+') && text.substr(1) == name))
      return std::nullopt;
  return std::string(text);
}

class Handler : public YAML::EventHandler {
 public:
  explicit Handler(TreeBuilder& tree) : tree_(tree) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (refused(mark, "?", anchor)) return;
    if (tree_.expects_key()) {
      tree_.refuse(mark_of(mark), "a key must be a string: quote it");
    } else {
      tree_.value(nullptr, mark_of(mark));
    }
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    tree_.refuse(mark_of(mark), "aliases are not allowed: write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (refused(mark, tag, anchor)) return;
    // The library gives "!" for quoted and block scalars, "?" for plain ones.
    const auto value = tag == "!" ? nlohmann::json(text) : resolve(text);
    if (!value) {
      tree_.refuse(mark_of(mark), "the number " + text + " is out of range");
    } else if (!tree_.expects_key()) {
      tree_.value(*value, mark_of(mark));
    } else if (value->is_string()) {
      tree_.key(text, mark_of(mark));
    } else {
      tree_.refuse(mark_of(mark), "a key must be a string: quote it");
    }
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(mark, tag, anchor, nlohmann::json::array());
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(mark, tag, anchor, nlohmann::json::object());
  }
  void OnSequenceEnd() override { tree_.end(); }
  void OnMapEnd() override { tree_.end(); }

 private:
  bool refused(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) {
    if (tree_.failed()) return true;
    if (anchor != YAML::NullAnchor) return !tree_.refuse(mark_of(mark), "anchors are not allowed");
    if (!tag.empty() && tag != "?" && tag != "!") return !tree_.refuse(mark_of(mark), "tags are not allowed");
    return false;
  }
  void start(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor, nlohmann::json container) {
    if (refused(mark, tag, anchor)) return;
    if (tree_.expects_key()) {
      tree_.refuse(mark_of(mark), "a key must be a string");
    } else {
      tree_.begin(std::move(container), mark_of(mark));
    }
  }

  TreeBuilder& tree_;
};

}  // namespace

Result<Marks> parse_yaml_strict(std::string_view text, std::string file, nlohmann::json& out) {
  TreeBuilder tree(out, std::move(file));
  if (!is_utf8(text)) tree.refuse({}, "the file is not valid UTF-8");
  if (!tree.failed()) {
    try {
      std::istringstream stream{std::string(text)};
      YAML::Parser parser(stream);
      Handler handler(tree);
      out = nullptr;
      parser.HandleNextDocument(handler);
      if (!tree.failed() && parser.HandleNextDocument(handler)) tree.refuse({}, "the file holds a second document");
    } catch (const YAML::Exception& e) {
      tree.refuse(mark_of(e.mark), e.msg);
    }
  }
  if (tree.failed()) return tl::unexpected(tree.error());
  return std::move(tree.marks());
}

}  // namespace hub::registry
