// What a solver with a model of the values expects of going on.
#pragma once

namespace asktell {

// In units of the first objective, never negative.
struct Outlook {
  double expected_gain = 0;  // expected improvement of the next evaluation on the best value
  // Mean of what the best value lies above the lowest there is; from sampled functions, hence no
  // finer than about a thousandth of the values' range.
  double regret = 0;
  double regret_high = 0;  // its 95 % quantile
};

}  // namespace asktell
