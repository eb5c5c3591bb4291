// Tunes one ridge penalty for each of six inputs of a linear model, so that the model fitted on
// training data does well on validation data: a bilevel problem, solved from first derivatives of
// both levels alone (solver bilevel.f2sa, Kwon et al. 2023).
//
//   upper  F(x, y) = error of the weights y on validation data
//   lower  f(x, y) = error of y on training data + sum_i exp(x_i) y_i^2 / 2, minimized by y
#include <Eigen/Dense>
#include <cmath>
#include <iostream>
#include <random>
#include <vector>

#include <asktell/asktell.hpp>

constexpr Eigen::Index kInputs = 6;  // the last four are noise that a small training set fits

struct Data {
  Eigen::MatrixXd inputs;  // examples x kInputs
  Eigen::VectorXd outputs;
};

Data make_data(int examples, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  Data data{Eigen::MatrixXd(examples, kInputs), Eigen::VectorXd(examples)};
  for (double& v : data.inputs.reshaped()) v = normal(random);
  for (int i = 0; i < examples; ++i) {
    data.outputs[i] = 1.5 * data.inputs(i, 0) - data.inputs(i, 1) + normal(random);
  }
  return data;
}

double error(const Data& data, const Eigen::VectorXd& y) {
  return 0.5 * (data.inputs * y - data.outputs).squaredNorm() / data.inputs.rows();
}

Eigen::VectorXd error_gradient(const Data& data, const Eigen::VectorXd& y) {
  return data.inputs.transpose() * (data.inputs * y - data.outputs) / data.inputs.rows();
}

Eigen::VectorXd fitted(const Data& data, const Eigen::VectorXd& penalties) {
  Eigen::MatrixXd matrix = data.inputs.transpose() * data.inputs / data.inputs.rows();
  matrix.diagonal() += penalties;
  return matrix.ldlt().solve(data.inputs.transpose() * data.outputs / data.inputs.rows());
}

int main() {
  std::mt19937_64 random(5);
  const Data training = make_data(12, random);
  const Data validation = make_data(400, random);

  asktell::Oracles oracles;
  oracles.consult = [&](const asktell::Consult& query) {
    const Eigen::Map<const Eigen::VectorXd> x(query.x.data(), kInputs);
    const Eigen::Map<const Eigen::VectorXd> y(query.y.data(), kInputs);
    const Eigen::VectorXd penalties = x.array().exp();
    Eigen::VectorXd grad_x = Eigen::VectorXd::Zero(kInputs);
    Eigen::VectorXd grad_y;
    if (query.function == "upper") {
      grad_y = error_gradient(validation, y);
    } else {
      grad_x = penalties.cwiseProduct(y).cwiseProduct(y) / 2;
      grad_y = error_gradient(training, y) + penalties.cwiseProduct(y);
    }
    asktell::Consulted answer;  // what was wanted, and nothing else
    if (query.wants & asktell::kWantGradX) answer.grad_x = {grad_x.begin(), grad_x.end()};
    if (query.wants & asktell::kWantGradY) answer.grad_y = {grad_y.begin(), grad_y.end()};
    return answer;
  };

  asktell::Study study(
      {.space = asktell::Space().real("log_penalty", -6, 2, {.size = kInputs}),
       .seed = 7,
       .solver = "bilevel.f2sa",
       .options = {{"lower_step", 0.2}, {"ratio", 20}},
       .lower_space = asktell::Space().real("weight", -10, 10, {.size = kInputs})});
  asktell::drive(study, oracles, 18 * 1000);  // 1000 steps of x, six groups of three queries each

  const asktell::Trial trial = study.recommend();
  const auto& found = std::get<asktell::Consult>(trial.query());
  const Eigen::Map<const Eigen::VectorXd> x(found.x.data(), kInputs);
  const auto tried = [&](const Eigen::VectorXd& penalties) {
    return error(validation, fitted(training, penalties));
  };
  double common = tried(Eigen::VectorXd::Zero(kInputs));
  std::cout << "validation error without penalty:       " << common << '\n';
  for (double log = -6; log <= 2; log += 0.05) {
    common = std::min(common, tried(Eigen::VectorXd::Constant(kInputs, std::exp(log))));
  }
  const double own = tried(x.array().exp());
  std::cout << "best single penalty for all inputs:     " << common << '\n'
            << "one penalty for each, found by asktell: " << own << '\n'
            << "log penalties: " << x.transpose() << '\n';
  return own < common ? 0 : 1;
}
