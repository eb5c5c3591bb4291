// What a study's history says about trust regions. A trial that a region asked for carries a tag in
// its note,
//
//   region 0, start 2, batch 140        of the batch whose first trial is number 140
//   region 0, start 2, design           of the design of the region's third start
//
// and everything else is worked out from the trials in the order of their numbers: the order of
// answers does not matter, and an amended answer counts as if it had been the first. A batch is
// judged when all its trials were told or failed, against the values of earlier trials; batches
// that still wait are left out until then.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <asktell/core/history.hpp>
#include <asktell/solvers/bayesian/observations.hpp>

namespace asktell {

struct RegionTag {
  std::int64_t region = 0;
  std::int64_t start = 0;   // how often the region began anew before
  std::int64_t batch = -1;  // number of the batch's first trial; -1: of the design
};
std::string region_note(const RegionTag& tag);

struct RegionBatch {
  std::size_t points = 0;  // told or failed
  std::size_t pending = 0;
  double best = std::numeric_limits<double>::infinity();    // told
  double before = std::numeric_limits<double>::infinity();  // least value told by earlier trials
};

// A region since its last start.
struct RegionLog {
  std::int64_t start = 0;
  std::int64_t first = -1;                 // trial that the start began with; -1: none yet
  std::vector<std::int64_t> former = {};   // the best trial of each start before
  std::int64_t best = -1;                  // of this start; -1: no value yet
  std::vector<std::int64_t> earlier = {};  // told or failed, of former starts, ascending
  std::vector<std::int64_t> trials = {};   // told or failed, ascending
  std::size_t design = 0;                  // of the design: told, failed or pending
  std::size_t told = 0;                    // with a value
  std::vector<RegionBatch> batches = {};   // all told or failed, in the order of trials
};

// Trials without a tag (the first design, points told from outside) belong to the design: the first
// `design` of them to region 0, the next to region 1, and so on; further ones go to the regions in
// turn.
std::vector<RegionLog> read_region_logs(const History& history, std::size_t regions,
                                        std::size_t design);

// The region as it begins anew.
RegionLog next_start(const RegionLog& log);

// Of a memo that begins with the start it belongs to: what that start's model remembers. Empty when
// it belongs to another one.
std::span<const double> memo_of_start(std::span<const double> memo, std::int64_t start);

// Columns of `data` nearest to one of them, ascending.
std::vector<Eigen::Index> nearest_columns(const Observations& data, Eigen::Index centre,
                                          Eigen::Index count);

// Told and failed trials of a region, at most those nearest to the best one; failures only where
// they say something: half of all trials may fail by chance, and as bad values all over a small box
// they would hide the function.
Observations region_observations(const Observations& all, const std::vector<std::int64_t>& trials,
                                 Eigen::Index max_points);

}  // namespace asktell
