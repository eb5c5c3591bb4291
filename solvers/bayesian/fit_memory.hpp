// What fits of one model, or of several alike, leave in a memo for the next.
#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

namespace asktell {

struct FitMemory {
  Eigen::Index fitted = 0, cold = 0;  // observations at the last fit, and at the last of all starts
  std::vector<Eigen::VectorXd> thetas;  // of each model; none: nothing was fitted yet

  // parameters: of each theta. A memo of other models is not understood and counts as none.
  static FitMemory read(std::span<const double> memo, Eigen::Index parameters) {
    FitMemory out;
    const auto numbers = static_cast<Eigen::Index>(memo.size()) - 2;
    if (numbers < parameters || numbers % parameters != 0) return out;
    out.fitted = static_cast<Eigen::Index>(memo[0]);
    out.cold = static_cast<Eigen::Index>(memo[1]);
    for (Eigen::Index at = 2; at < numbers + 2; at += parameters) {
      out.thetas.emplace_back(Eigen::VectorXd::Map(memo.data() + at, parameters));
    }
    return out;
  }

  std::vector<double> write() const {
    std::vector<double> memo = {static_cast<double>(fitted), static_cast<double>(cold)};
    for (const Eigen::VectorXd& theta : thetas) memo.insert(memo.end(), theta.begin(), theta.end());
    return memo;
  }
};

}  // namespace asktell
