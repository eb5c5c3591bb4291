// The one include of programs that use asktell. Solver authors include asktell/core/solver.hpp.
#pragma once

#include <asktell/core/errors.hpp>
#include <asktell/core/study.hpp>
