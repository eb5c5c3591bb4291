// See svg.hpp.
#include <asktell/bindings/cli/svg.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>

namespace asktell::cli {
namespace {

constexpr int kLeft = 70, kRight = 15, kTop = 12, kBottom = 42;  // margins in pixels

struct Axis {
  double low, high;
  double pixel_low, pixel_high;
  bool log;

  double pixel(double value) const {
    const double v = log ? std::log(value) : value;
    return pixel_low + (v - low) / (high - low) * (pixel_high - pixel_low);
  }
  double value(double share) const {
    const double v = low + share * (high - low);
    return log ? std::exp(v) : v;
  }
};

Axis axis(double low, double high, double pixel_low, double pixel_high, bool log) {
  if (log) {
    low = std::log(low);
    high = std::log(high);
  }
  const double margin = high > low ? 0.04 * (high - low) : std::max(0.5, std::abs(low) * 0.1);
  return {low - margin, high + margin, pixel_low, pixel_high, log};
}

std::string brief(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

// Outliers must not hide the rest: the axis ends at the lower fence 3 interquartile ranges away.
std::pair<double, double> robust_range(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  const double spread = 3 * (at(0.75) - at(0.25));
  if (!(spread > 0)) return {values.front(), values.back()};
  return {std::max(values.front(), at(0.25) - spread), std::min(values.back(), at(0.75) + spread)};
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

Plot::Plot(std::string x_label, std::string y_label)
    : x_label_(std::move(x_label)), y_label_(std::move(y_label)) {}

void Plot::point(double x, double y, bool filled) {
  if (std::isfinite(x) && std::isfinite(y)) points_.push_back({x, y, filled});
}

std::string Plot::svg(int width, int height) const {
  if (points_.empty()) return "<p class=muted>No values yet.</p>";
  std::vector<double> xs, ys;
  for (const Dot& dot : points_) {
    xs.push_back(dot.x);
    ys.push_back(dot.y);
  }
  const auto [x_low, x_high] = std::minmax_element(xs.begin(), xs.end());
  const auto [y_low, y_high] = robust_range(ys);
  const Axis x = axis(*x_low, *x_high, kLeft, width - kRight, log_x_ && *x_low > 0);
  const Axis y = axis(y_low, y_high, height - kBottom, kTop, false);
  const auto inside = [&](double value) {
    return std::clamp(y.pixel(value), static_cast<double>(kTop),
                      static_cast<double>(height - kBottom));
  };
  std::ostringstream out;
  out << "<svg width=" << width << " height=" << height
      << " role=img font-size=11 font-family=sans-serif>"
      << "<rect x=" << kLeft << " y=" << kTop << " width=" << width - kLeft - kRight
      << " height=" << height - kTop - kBottom << " fill=none stroke=#bbb />";
  for (int tick = 0; tick <= 4; ++tick) {
    const double value = y.value(tick / 4.0);
    out << "<text x=" << kLeft - 6 << " y=" << y.pixel(value) + 4 << " text-anchor=end>"
        << brief(value) << "</text>";
    if (!words_.empty()) continue;
    const double place = x.value(tick / 4.0);
    out << "<text x=" << x.pixel(place) << " y=" << height - kBottom + 15 << " text-anchor=middle>"
        << brief(place) << "</text>";
  }
  for (std::size_t i = 0; i < words_.size(); ++i) {
    const auto place = static_cast<double>(i);
    if (place < *x_low || place > *x_high) continue;
    out << "<text x=" << x.pixel(place) << " y=" << height - kBottom + 15 << " text-anchor=middle>"
        << escaped(words_[i]) << "</text>";
  }
  out << "<text x=" << (width + kLeft) / 2 << " y=" << height - 8 << " text-anchor=middle>"
      << escaped(x_label_) << "</text><text transform=\"translate(12," << height / 2
      << ") rotate(-90)\" text-anchor=middle>" << escaped(y_label_) << "</text>";
  for (const Dot& dot : points_) {
    out << "<circle cx=" << x.pixel(dot.x) << " cy=" << inside(dot.y) << " r=3 "
        << (dot.filled ? "fill=#3b6ea5 fill-opacity=.7" : "fill=none stroke=#3b6ea5") << " />";
  }
  if (!line_.empty()) out << "<polyline fill=none stroke=#c0392b stroke-width=1.5 points=\"";
  for (std::size_t i = 0; i < line_.size(); ++i) {
    if (i > 0) out << x.pixel(line_[i].first) << ',' << inside(line_[i - 1].second) << ' ';
    out << x.pixel(line_[i].first) << ',' << inside(line_[i].second) << ' ';
  }
  out << (line_.empty() ? "" : "\" />") << "</svg>";
  return out.str();
}

}  // namespace asktell::cli
