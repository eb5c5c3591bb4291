// See data.hpp.
#include <asktell/surrogates/gp/data.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace asktell {

using Eigen::Index;

Index GpData::groups() const {
  if (!fitted_noise) return 0;
  if (noise_group.empty()) return 1;
  return 1 + *std::max_element(noise_group.begin(), noise_group.end());
}

double GpData::noise(Index i, const double* log_noise) const {
  double variance = given_noise.size() > 0 ? given_noise[i] : 0;
  if (fitted_noise) variance += std::exp(log_noise[group(i)]) * share(i);
  return variance;
}

GpData subset(const GpData& data, const std::vector<Index>& kept) {
  GpData out;
  out.fitted_noise = data.fitted_noise;
  out.x = data.x(Eigen::all, kept);
  out.z = data.z(kept);
  if (data.given_noise.size() > 0) out.given_noise = data.given_noise(kept);
  if (data.count.size() > 0) out.count = data.count(kept);
  if (!data.noise_group.empty()) {
    for (Index i : kept) out.noise_group.push_back(data.noise_group[static_cast<std::size_t>(i)]);
  }
  return out;
}

GpData merge_replicates(const GpData& data, std::vector<Index>& member) {
  const Index n = data.size();
  std::map<std::vector<double>, Index> seen;
  std::vector<Index> first;
  member.assign(static_cast<std::size_t>(n), 0);
  for (Index i = 0; i < n; ++i) {
    std::vector<double> key(data.x.col(i).begin(), data.x.col(i).end());
    for (double& value : key) {
      if (std::isnan(value)) value = -HUGE_VAL;  // missing values are equal to each other
    }
    key.push_back(data.group(i));
    const auto [at, fresh] = seen.emplace(std::move(key), static_cast<Index>(first.size()));
    if (fresh) first.push_back(i);
    member[static_cast<std::size_t>(i)] = at->second;
  }
  if (static_cast<Index>(first.size()) == n) return data;
  GpData out = subset(data, first);
  const auto groups = static_cast<Index>(first.size());
  // Values average by their precision where variances are given, else by number.
  Eigen::VectorXd weight = Eigen::VectorXd::Zero(groups), sum = weight, counts = weight;
  const bool given = data.given_noise.size() > 0;
  for (Index i = 0; i < n; ++i) {
    const Index at = member[static_cast<std::size_t>(i)];
    const double w = given ? 1 / std::max(data.given_noise[i], 1e-12) : 1;
    weight[at] += w;
    sum[at] += w * data.z[i];
    counts[at] += data.count.size() > 0 ? data.count[i] : 1;
  }
  out.z = sum.cwiseQuotient(weight);
  if (given) out.given_noise = weight.cwiseInverse();
  out.count = counts;
  if (given && !data.fitted_noise) return out;
  out.replicates.assign(static_cast<std::size_t>(std::max<Index>(1, data.groups())), {});
  for (Index i = 0; i < n; ++i) {
    const Index at = member[static_cast<std::size_t>(i)];
    const double error = data.z[i] - out.z[at];
    out.replicates[static_cast<std::size_t>(data.group(i))].squares += error * error;
  }
  for (Index at = 0; at < groups; ++at) {
    Replicates& about = out.replicates[static_cast<std::size_t>(out.group(at))];
    about.extra += counts[at] - 1;
    about.log_counts += std::log(counts[at]);
  }
  return out;
}

}  // namespace asktell
