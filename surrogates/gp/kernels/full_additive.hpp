// Additive interactions of all coordinates up to an order (Duvenaud, Nickisch & Rasmussen 2011,
// "Additive Gaussian processes").
#pragma once

#include <asktell/surrogates/gp/kernels/kernels.hpp>

namespace asktell::kernels {

// sum_r a_r e_r(k_1, ..., k_d) / (d choose r), r = 1 ... orders: e_r is the sum over all sets of r
// coordinates of the product of their one-dimensional kernels k_i, so that a_r is the variance of
// the interactions of r coordinates. Parameters: a length-scale for each column, then the a_r.
// O(d orders) a pair, as by the Newton-Girard formulae, but by a recursion without alternating
// signs. Throws OptionError for orders outside 1 ... d, and for the rational quadratic.
KernelPtr full_additive(std::vector<Eigen::Index> columns, Eigen::Index orders,
                        Form form = Form::kMatern52);

}  // namespace asktell::kernels
