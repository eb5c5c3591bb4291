// A search takes another course where a processor rounds otherwise, so what one seed shows is not
// what another machine shows: bounds on what a search finds are bounds on a median over seeds.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace asktell::testing {

// Of value(seed) for the seeds 1, ..., count; count is odd.
template <typename Value>
double median_over_seeds(const Value& value, std::uint64_t count = 5) {
  std::vector<double> values;
  for (std::uint64_t seed = 1; seed <= count; ++seed) values.push_back(value(seed));
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(count / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Whether the median of three is below the bound; the third is spared where two decide.
template <typename Value>
::testing::AssertionResult usually_below(double bound, const Value& value) {
  const double first = value(1), second = value(2);
  const double median =
      (first < bound) == (second < bound)
          ? std::max(first, second)
          : std::clamp(value(3), std::min(first, second), std::max(first, second));
  if (median < bound) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << median << ", not below " << bound;
}

}  // namespace asktell::testing
