// Tuning the penalty of every feature of a weighted Lasso: Sehic, Gramfort, Salmon, Nardi (2022),
// "LassoBench: a high-dimensional hyperparameter optimization benchmark suite for Lasso", AutoML
// Conference, the synthetic problems without extra noise, and their public code.
//
// Sizes, design, support, signal-to-noise ratio, number of folds and the box are theirs, the random
// numbers are not, so values differ from published ones. Theirs are also divided by the error of
// the true coefficients.
#include <asktell/benchmarks/problems/families.hpp>
#include <asktell/benchmarks/problems/regression/weighted_lasso.hpp>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>

namespace asktell::benchmarks {
namespace {

using Eigen::Index;
using regression::VectorXd;

struct Size {
  std::string_view name;
  int features;
  int rows;     // what the original keeps for training: about 85 % of half the features
  int support;  // features that matter, with coefficients 1, -1, 1, ...
  // The best known point, a letter a coordinate: a is -1, b -0.9, ..., u 1. Found by descent along
  // the gradient of the error with respect to the penalties, from several starts (the largest: from
  // one). With so many penalties it fits the folds, and is far below what knowing the support
  // gives.
  std::string_view best;
};

constexpr Size kSizes[] = {
    {"simple", 60, 25, 3, "buuuuuuuguuguuugdaugfauubuguiuugeabgaudkaadfguuheuauuuucuuiu"},
    {"medium", 100, 42, 5,
     "auudabuuuebaeubuuaucabgeuuufuaufudfuuhuabuaauuuueeeubhguuuhcauuudeuufcudcgfeaeafaaae"
     "euauguuuueauuuuu"},
    {"high", 300, 127, 15,
     "adfafdhhgefuggafgucfaeueebuuuffauebiaucdaecgafdchchbucucuaugaeauabfuhcdueccuguuuaucu"
     "ubcagugucudeucbdaiauufuuuubuueuuuudfafadufuhuiuuucudabuuaabacufudfufduuueffaauecdgba"
     "egcbfuuugcgfabucceudbdggudebgcbcacdabdfuuuedcugffjgdaueudbuieuaeuccdcudcchduuugfauub"
     "cubaedabeuaacbuadefuuegcdducacfueaucgueguuuualuf"},
    {"hard", 1000, 425, 50,
     "ahebbdgbabeghdeababbcdcbehabfdebedadhidbajfbbdedbeegdefdeefeabegbfgbbafgeeeeedefaedf"
     "ebebaebbbfhfgabadbbegbgabegebbheceebabhfbeefedeeeggiebbdabadbdefeeedfbbabcdgbhbgedaf"
     "bbfaggbbedfdagfebgbffhfebefbheebbgeagdbbgbebfgfebedcabbhggdhgefbegfebafdabbefeeaeeeh"
     "egbafhbbdbbedggibeeebedbhefbbfadebebgebebdgfgaedddggbgfbeebddfadgbaeafdgbggbabdbefge"
     "dbbeafgdeebbebbefabebdegcbddfibbfidfffeeeeafafgieaabhdeaeeebgfbecaebcbabbabbbeabffhe"
     "bhcbfeaeeggbeefgedbcbhbbdabefdeababbebebafgaehbehafabfdbbbbbaaebbbdeedabgbeddgabaefa"
     "bdeabeabegcfdhhaafbbfeefagbbabbbafaeafbbebbbafehffgfebfbabbeadffifbbaebbfebhabbgedeb"
     "ddbebeabbdgdagdieeagcefbbbcfdgbhcabfedeebbfbdegbfbfeabbhbefeebbbbegeebffahebhbgbfdbb"
     "efdbbfdeagfbhebefffbbffecfgedbbggfhfbcddeggadbbbcabbedhbegbdefabeeebabffefaabbfaceba"
     "ebhhacbbbbebbagbdfafbgfcaeeebgecbdehgaebfbifaefbcbabedfdebebagfaadbffbfbebdbffdbeebe"
     "deiagbebadehgfggeeddafeeeheeaebbfbgbbbibaedabeebbaebebfgeaffabbebfebaehbdgfdgfagahgf"
     "feaffdededbfgdghagebdfecgcfebdeaffdedaeabegheiffgdbbaabeaffbeffedfiebffeedbe"},
};

constexpr double kCorrelation = 0.6;
constexpr double kSignalToNoise = 10;
constexpr int kFolds = 5;
constexpr std::uint64_t kSeed = 1;

VectorXd true_coefficients(const Size& size) {
  VectorXd coefficients = VectorXd::Zero(size.features);
  for (int i = 0; i < size.support; ++i)
    coefficients[i * (size.features / size.support)] = i % 2 == 0 ? 1 : -1;
  return coefficients;
}

// From -1, a hundredth of the largest penalty, to 1, the largest one.
VectorXd penalties_at(TestProblem::Point x, double largest) {
  VectorXd penalties(static_cast<Index>(x.size()));
  for (Index j = 0; j < penalties.size(); ++j)
    penalties[j] = largest * std::pow(100., (x[static_cast<std::size_t>(j)] - 1) / 2);
  return penalties;
}

std::vector<double> point_of(std::string_view letters) {
  std::vector<double> point;
  for (char letter : letters) point.push_back((letter - 'k') / 10.);
  return point;
}

TestProblem make_lasso(const Size& size) {
  const regression::Data data = regression::correlated_data(size.rows, true_coefficients(size),
                                                            kCorrelation, kSignalToNoise, kSeed);
  const auto validation = std::make_shared<const regression::CrossValidation>(data, kFolds);
  TestProblem problem;
  problem.space = box(size.features, -1, 1);
  problem.budget = 1000;
  problem.evaluate = [validation, largest = data.largest_penalty()](TestProblem::Point x) {
    return Values{.objectives = {validation->error(penalties_at(x, largest))}};
  };
  problem.argmins = {point_of(size.best)};
  problem.optimum = problem.evaluate(problem.argmins[0]).objectives[0];
  problem.proven = false;
  return problem;
}

}  // namespace

void register_regression(ProblemRegistry& registry) {
  struct NoOptions {};
  for (const Size& size : kSizes) {
    registry.add(
        {.name = "lasso/" + std::string(size.name),
         .summary = "Penalties of the " + std::to_string(size.features) + " features of a Lasso, " +
                    std::to_string(size.support) + " of which matter; the cross-validated error",
         .reference = "Sehic, Gramfort, Salmon, Nardi (2022), LassoBench: a "
                      "high-dimensional hyperparameter optimization benchmark suite for "
                      "Lasso, AutoML Conference"},
        Schema<NoOptions>(), [&size](const NoOptions&) { return make_lasso(size); });
  }
}

}  // namespace asktell::benchmarks
