// Where the knowledge gradient is largest over a space.
#pragma once

#include <optional>

#include <asktell/acquisition/knowledge_gradient.hpp>
#include <asktell/acquisition/maximize/maximize.hpp>

namespace asktell {

// choices: d x M, points spread over the space and known ones, where searches for the best choice
// begin. In a whole cube (is_whole_cube) choices move freely (hybrid_knowledge_gradient.hpp);
// elsewhere they are these and the candidate itself. pending: d x p.
std::optional<Maximum> maximize_knowledge_gradient(
    const GpPosterior& model, const Eigen::MatrixXd& choices, const Eigen::MatrixXd& pending,
    const Space& space, const MaximizeRequest& request, RandomStream stream,
    const MaximizeOptions& options = {});

}  // namespace asktell
