// Maximizes an acquisition without gradients, as SMAC3 does: local searches in the one-exchange
// neighbourhood (Hutter et al. 2011, section 4.3) from the best of many random points and from
// known good ones, all of them in blocks. Steps of continuous coordinates grow after improvements
// and shrink on plateaus.
#pragma once

#include <functional>
#include <vector>

#include <Eigen/Core>

#include <asktell/acquisition/maximize/maximize.hpp>

namespace asktell {

struct OneExchangeOptions {
  int random_points = 10000;
  int random_starts = 10;     // the best of the random points
  int plateau_sweeps = 10;    // neighbourhoods without improvement that end a search
  int neighbours = 4;         // of a coordinate with more values than that
  int most_neighbours = 256;  // of a point, drawn at random where there are more
};

// A point that a search ended at, or a random one.
struct Found {
  Eigen::VectorXd unit;
  double value;
};

// All points that searches ended at, best first, then random ones, best first. request.incumbents
// are starts too. request.allowed keeps what may be visited (known constraints); what may be
// proposed is for the caller to say.
std::vector<Found> one_exchange_search(const Acquisition& acquisition, const Space& space,
                                       const MaximizeRequest& request, RandomStream stream,
                                       const OneExchangeOptions& options = {});

}  // namespace asktell
