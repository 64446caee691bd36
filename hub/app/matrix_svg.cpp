#include "hub/app/matrix_svg.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace hub::app {
namespace {

constexpr int kCell = 22, kMargin = 12, kCharacterWidth = 7;

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out.push_back(c);
    }
  }
  return out;
}

std::string number(int value) { return std::to_string(value); }

int label_width(const std::set<std::string>& names) {
  std::size_t longest = 0;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  return static_cast<int>(longest) * kCharacterWidth + kMargin;
}

// The more types, the darker.
std::string shade(std::size_t count) { return number(std::max(35, 85 - 10 * static_cast<int>(count))); }

std::string cell(int x, int y, const std::vector<std::string>& what, const std::string& pair) {
  std::string title = pair;
  for (const std::string& one : what) title += "\n" + one;
  const std::string ink = what.size() > 3 ? "#fff" : "#123";
  return "<g><title>" + escaped(title) + "</title><rect x=\"" + number(x + 1) + "\" y=\"" + number(y + 1) +
         "\" width=\"" + number(kCell - 2) + "\" height=\"" + number(kCell - 2) + "\" rx=\"3\" fill=\"hsl(205,60%," +
         shade(what.size()) + "%)\"/><text x=\"" + number(x + kCell / 2) + "\" y=\"" + number(y + kCell / 2 + 4) +
         "\" text-anchor=\"middle\" fill=\"" + ink + "\">" + std::to_string(what.size()) + "</text></g>\n";
}

}  // namespace

std::string matrix_svg(const std::vector<MatrixCell>& cells) {
  std::set<std::string> senders, recipients;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> pairs;
  for (const MatrixCell& one : cells) {
    senders.insert(one.from);
    recipients.insert(one.to);
    pairs[{one.from, one.to}].push_back(one.what);
  }
  const int left = label_width(senders) + kMargin, top = label_width(recipients) + kMargin;
  const int width = left + kCell * static_cast<int>(recipients.size()) + kMargin;
  const int height = top + kCell * static_cast<int>(senders.size()) + kMargin;
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + number(width) + "\" height=\"" + number(height) +
      "\" viewBox=\"0 0 " + number(width) + " " + number(height) +
      "\" font-family=\"sans-serif\" font-size=\"11\">\n<title>Ai được gửi gì cho ai / Who may send what to "
      "whom</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  std::map<std::string, int> column;
  for (const std::string& name : recipients) {
    const int x = left + kCell * static_cast<int>(column.size());
    column[name] = x;
    const std::string at = number(x + kCell / 2 + 4) + "," + number(top - 6);
    out += "<text transform=\"translate(" + at + ") rotate(-90)\">" + escaped(name) + "</text>\n<line x1=\"" +
           number(x) + "\" y1=\"" + number(top) + "\" x2=\"" + number(x) + "\" y2=\"" + number(height - kMargin) +
           "\" stroke=\"#e5e9ee\"/>\n";
  }
  int y = top;
  for (const std::string& sender : senders) {
    out += "<text x=\"" + number(left - 6) + "\" y=\"" + number(y + kCell / 2 + 4) + "\" text-anchor=\"end\">" +
           escaped(sender) + "</text>\n<line x1=\"" + number(left) + "\" y1=\"" + number(y) + "\" x2=\"" +
           number(width - kMargin) + "\" y2=\"" + number(y) + "\" stroke=\"#e5e9ee\"/>\n";
    for (const auto& [recipient, x] : column)
      if (const auto found = pairs.find({sender, recipient}); found != pairs.end())
        out += cell(x, y, found->second, sender + " → " + recipient);
    y += kCell;
  }
  return out + "</svg>\n";
}

}  // namespace hub::app
