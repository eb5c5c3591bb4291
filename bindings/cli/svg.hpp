// A scatter plot with an optional line as SVG text.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace asktell::cli {

std::string escaped(const std::string& text);  // for HTML

class Plot {
 public:
  Plot(std::string x_label, std::string y_label);
  void log_x() { log_x_ = true; }
  void categories(std::vector<std::string> words) { words_ = std::move(words); }  // x is an index
  void point(double x, double y, bool filled);
  void line(std::vector<std::pair<double, double>> points) { line_ = std::move(points); }
  bool empty() const { return points_.empty(); }
  std::string svg(int width, int height) const;

 private:
  struct Dot {
    double x, y;
    bool filled;
  };
  std::string x_label_, y_label_;
  std::vector<Dot> points_;
  std::vector<std::pair<double, double>> line_;
  std::vector<std::string> words_;
  bool log_x_ = false;
};

}  // namespace asktell::cli
