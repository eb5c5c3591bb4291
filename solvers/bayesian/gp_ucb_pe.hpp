// What decides between the two acquisitions of gp_ucb_pe.
#pragma once

namespace asktell {

// Probability that the next point maximizes the optimistic bound and does not explore. news: an
// answer came after the last ask; noisy: the noise is large beside the signal.
double ucb_probability(bool news, bool noisy);

}  // namespace asktell
