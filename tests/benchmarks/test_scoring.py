"""The scores against values worked out by hand, in closed form, or printed in the papers named."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from asktell.benchmarks import scoring

INF = math.inf


def test_running_best_ignores_failed_evaluations() -> None:
    values = [[math.nan, 3, 5, math.nan, 1], [2, 2, -1, 7, 0]]
    assert scoring.running_best(values).tolist() == [[INF, 3, 3, 3, 1], [2, 2, -1, -1, -1]]


def test_normalized_regret_is_one_at_the_reference_and_clipped() -> None:
    regret = scoring.normalized_regret([5, 3, 2, 100], 2.0, 5.0)
    assert regret.tolist() == pytest.approx([1, 1 / 3, 1e-8, 10])
    with pytest.raises(ValueError, match="reference"):
        scoring.normalized_regret([5], 2.0, 2.0)


def test_log_regret_curve_averages_medians_over_problems() -> None:
    # Medians over seeds: problem 1 reaches a tenth of random's regret, problem 2 a thousandth.
    best = np.array([[[3.0], [1.1], [1.0]], [[-9.99], [-9.999], [-5.0]]])
    random = np.array([[[2.0], [2.0], [9.0]], [[0.0], [0.0], [0.0]]])
    # regrets .1 of 1 and .01 of 10
    curve = scoring.log_regret_curve(best, random, np.array([1.0, -10.0]))
    assert curve.tolist() == pytest.approx([(-1 - 3) / 2])


def test_expected_minimum_is_the_mean_over_all_subsets() -> None:
    data = [5, 3, 9, 1, 7, 4]
    for draws, expected in ((2, 3.066666666667), (3, 2.25), (6, 1.0)):
        assert scoring.expected_minimum(data, draws) == pytest.approx(expected, abs=1e-12)
        subsets = [min(subset) for subset in itertools.combinations(data, draws)]
        assert scoring.expected_minimum(data, draws) == pytest.approx(np.mean(subsets))
    with pytest.raises(ValueError, match="draws"):
        scoring.expected_minimum(data, 7)


def test_bayesmark_score_of_three_runs() -> None:
    # Normalized finals (.75, .25, 1) and (.05, .25, .5).
    assert scoring.bayesmark_score([0.4, 0.2, 0.6], 0.1, 0.5) == pytest.approx(100 / 3)
    assert scoring.bayesmark_score([0.12, 0.2, 0.3], 0.1, 0.5) == pytest.approx(73.3333333333)


def test_order_quantile_is_an_observed_value() -> None:
    assert scoring.order_quantile([4, 1, 3, 2], 0.5) == 2
    assert scoring.order_quantile([5, 1, 3], 0.5) == 3
    assert scoring.order_quantile([5, 1, 3], 0) == 1


def test_observed_optimum_lies_ten_thousand_steps_below() -> None:
    assert scoring.observed_optimum([3.0, 1.0, 2.0]) == 1 - 1e4 * 2.0**-52


def test_anytime_score_of_known_curves() -> None:
    assert scoring.anytime_score([1e2, 1e2]) == 0
    assert scoring.anytime_score([0.0, 1e-9]) == 1
    # log10 regret 2, -3, -8: 0, 1/2 and 1 of the way.
    assert scoring.anytime_score([100, 1e-3, 1e-8]) == pytest.approx(0.5)


def test_runtimes_are_first_hits() -> None:
    times = scoring.runtimes([[10, 1, 5, 0.01], [3, 3, 3, 3]], [5, 1, 0.1, 1e-3])
    assert times.tolist() == [[2, 2, 4, INF], [1, INF, INF, INF]]


def test_expected_runtime_charges_failures() -> None:
    times = [120, 80, 200, INF, INF]
    assert scoring.expected_runtime(times, 300) == pytest.approx(333.3333333333)
    assert scoring.expected_runtime([INF, INF], 300) == INF


def test_simulated_restarts_follow_the_geometric_law() -> None:
    # One success at 100, one failure of 300: 100 + 300 Geom(1/2); mean 400 = ERT, P(<= 100) = 1/2,
    # P(<= 400) = 3/4. Bounds: four standard errors of 40 000 draws.
    drawn = scoring.simulated_restarts([100, INF], 300, np.random.default_rng(1), 40_000)
    assert set(np.unique((drawn - 100) / 300)) <= set(range(40))
    assert np.mean(drawn <= 100) == pytest.approx(0.5, abs=4 * 0.5 / 200)
    assert np.mean(drawn <= 400) == pytest.approx(0.75, abs=4 * 0.433 / 200)
    assert drawn.mean() == pytest.approx(400, abs=4 * 300 * math.sqrt(2) / 200)
    assert scoring.expected_runtime([100, INF], 300) == 400


def test_simulated_restarts_without_success_never_end() -> None:
    assert np.isinf(scoring.simulated_restarts([INF], 10, np.random.default_rng(0), 5)).all()


def test_ecdf_counts_and_its_area() -> None:
    assert scoring.ecdf([1, 10, INF, 10], [0.5, 1, 10, 1e9]).tolist() == [0, 0.25, 0.75, 0.75]
    # From 1 to 100: a hit at 10 covers half of the axis, one at the start all, a miss nothing.
    assert scoring.ecdf_area([10], 1, 100) == pytest.approx(0.5)
    assert scoring.ecdf_area([1, 10, INF, 100], 1, 100) == pytest.approx((1 + 0.5) / 4)
    # The same as the integral of the curve.
    axis = np.linspace(0, 2, 200_001)
    integral = scoring.ecdf([3, 17, INF], 10**axis).mean()
    assert scoring.ecdf_area([3, 17, INF], 1, 100) == pytest.approx(integral, abs=1e-5)


TIMES = [[10, 20, INF], [15, 15, 40], [INF, 50, 35]]


def test_performance_profile_of_a_small_table() -> None:
    expected = {1: (2, 1, 1), 1.5: (2, 2, 1), 2: (2, 3, 1), 4: (2, 3, 2)}  # thirds
    profile = scoring.performance_profile(TIMES, list(expected))
    assert (3 * profile).T.round(12).tolist() == [list(row) for row in expected.values()]


def test_performance_profile_leaves_unsolved_problems_unsolved() -> None:
    profile = scoring.performance_profile([[INF, INF], [1, 3]], [1, 1e9])
    assert profile.tolist() == [[0.5, 0.5], [0, 0.5]]


def test_data_profile_of_a_small_table() -> None:
    profile = scoring.data_profile(TIMES, [2, 4, 9], [5, 10])
    assert (3 * profile).T.round(12).tolist() == [[2, 2, 1], [2, 3, 2]]


def test_convergence_time_needs_the_share_of_the_possible_decrease() -> None:
    best = [100, 40, 10.5, 10, 1]
    assert scoring.convergence_time(best, 100, 0, 0.1) == 4
    assert scoring.convergence_time(best, 100, 0, 0.001) == INF


RANKED = [
    (0.80, 0.75, 0.60, 0.70),
    (0.82, 0.79, 0.61, 0.78),
    (0.90, 0.88, 0.70, 0.91),
    (0.55, 0.52, 0.50, 0.40),
    (0.66, 0.60, 0.62, 0.58),
    (0.77, 0.70, 0.69, 0.71),
]


def test_ranks_friedman_and_critical_difference() -> None:
    # Worked out from the formulas of Demsar (2006), section 3.2.2.
    expected = [3.833333333333, 2.5, 1.5, 2.166666666667]
    assert scoring.mean_ranks(RANKED).tolist() == pytest.approx(expected)
    result = scoring.friedman(RANKED)
    assert result.chi_square == pytest.approx(10.4)
    assert result.chi_square_p == pytest.approx(0.015454827217, abs=1e-12)
    assert result.f == pytest.approx(6.842105263158)
    assert result.f_p == pytest.approx(0.003989074860, abs=1e-12)
    assert scoring.critical_difference(4, 6) == pytest.approx(1.914843227, abs=1e-8)


def test_critical_difference_has_the_tabulated_constants() -> None:
    # q of the Nemenyi test at 0.05 for two to ten methods, Demsar (2006), table 5, more digits.
    table = [1.959964, 2.343701, 2.569032, 2.727774, 2.849705, 2.948320, 3.030878, 3.101730]
    for k, q in enumerate([*table, 3.163684], start=2):
        scale = math.sqrt(k * (k + 1) / 60)
        assert scoring.critical_difference(k, 10) / scale == pytest.approx(q, abs=2e-6)


def test_ranks_share_ties_within_rounding() -> None:
    assert scoring.mean_ranks([[1.0, 1 + 1e-12, 2.0]]).tolist() == [1.5, 1.5, 3]
    assert scoring.mean_ranks([[1.0, 1 + 1e-6, 2.0]]).tolist() == [1, 2, 3]
    assert scoring.mean_ranks([[INF, 1.0, INF]]).tolist() == [2.5, 1, 2.5]


def test_mann_whitney_and_effect_size() -> None:
    a, b = (1.1, 2.3, 1.9, 3.1, 0.4), (2.5, 3.3, 4.1, 2.9, 3.8)
    result = scoring.mann_whitney(a, b)
    # U = 2; of the 252 splits of ten values four on each side are as extreme: 8 / 252.
    assert (result.statistic, result.exact) == (2, True)
    assert result.p == pytest.approx(8 / 252, abs=1e-12)
    assert scoring.effect_size(a, b) == pytest.approx(0.92)
    assert scoring.effect_size([1, 2], [1, 2]) == 0.5


DIFFERENCES = (1.2, -0.4, 2.1, 0.7, -0.2, 1.9, 0.9, 1.1, -0.6, 2.4)


def test_wilcoxon_is_exact_for_small_samples() -> None:
    # W = 6; 14 of the 2^10 signs give a rank sum of at most 6.
    result = scoring.wilcoxon(DIFFERENCES)
    assert (result.statistic, result.exact) == (6, True)
    assert result.p == pytest.approx(28 / 1024)
    one_sided = scoring.wilcoxon(DIFFERENCES, "greater")
    assert one_sided.p == pytest.approx(14 / 1024)


def test_wilcoxon_drops_zeros_and_says_when_it_approximates() -> None:
    assert scoring.wilcoxon([*DIFFERENCES, 0, 0]) == scoring.wilcoxon(DIFFERENCES)
    assert not scoring.wilcoxon([*DIFFERENCES, 1.2]).exact
    assert scoring.wilcoxon([0, 0, 0]).p == 1


def test_holm_steps_down() -> None:
    # Sorted .005, .01, .03, .04 times 4, 3, 2, 1, then the running maximum.
    adjusted = scoring.holm([0.01, 0.04, 0.03, 0.005])
    assert adjusted.tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert scoring.holm([0.9, 0.8]).tolist() == [1, 1]


def test_two_level_bootstrap_has_the_variance_of_its_two_levels() -> None:
    # For the mean: (variance of the problem means + mean variance within / seeds) / problems,
    # with population variances; its estimate from 10 000 draws has a relative error below 1 %.
    values = np.random.default_rng(5).normal(size=(8, 6)) + 2 * np.arange(8)[:, None]
    between = values.mean(axis=1).var()
    within = values.var(axis=1).mean()
    expected = math.sqrt((between + within / 6) / 8)
    interval = scoring.two_level_bootstrap(values, np.mean).interval()
    assert interval.standard_error == pytest.approx(expected, rel=0.03)
    assert interval.estimate == pytest.approx(values.mean())
    # Close to normal: 1.96 standard errors to both sides.
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * expected, rel=0.06)


def test_two_level_bootstrap_takes_medians_and_problems_of_unequal_seeds() -> None:
    # One problem, so that only seeds are drawn: the median of three draws from (0, 0, 1) is 1 with
    # probability 3 (1/3)^2 (2/3) + (1/3)^3 = 7/27.
    drawn = scoring.two_level_bootstrap([[0, 0, 1]]).draws
    assert set(np.unique(drawn)) == {0, 1}
    assert drawn.mean() == pytest.approx(7 / 27, abs=4 * 0.44 / 100)
    estimate = scoring.two_level_bootstrap([[1, 2, 9], [4]], resamples=10).estimate
    assert estimate.tolist() == [3]
    log = scoring.two_level_bootstrap([[1, 10, 100]], resamples=10, after=np.log10)
    assert log.estimate.tolist() == [1]


def test_two_level_bootstrap_draws_shared_seeds_together() -> None:
    # Two methods whose runs differ by exactly one in every problem and seed: no uncertainty.
    runs = np.random.default_rng(2).normal(size=(5, 4))
    pair = np.stack([runs, runs + 1], axis=2)
    drawn = scoring.two_level_bootstrap(pair, np.mean, resamples=200)
    interval = drawn.interval(1, minus=0)
    assert (interval.low, interval.high) == (pytest.approx(1), pytest.approx(1))
    assert drawn.interval(1).high > drawn.interval(1).low


def test_run_length_targets_are_what_the_best_median_reached() -> None:
    # d = 2: after ceil(1), ceil(2.4) = 3 and 6 evaluations; 20 and 100 lie beyond the runs.
    a = [[8, 8, 5, 5, 5, 5], [8, 8, 5, 5, 5, 5], [8, 1, 1, 1, 1, 1]]
    b = [[9, 9, 9, 9, 9, 2], [9, 9, 9, 9, 9, 2], [9, 9, 9, 9, 9, 9]]
    assert scoring.run_length_targets([a, b], 2).tolist() == [8, 5, 2]


def test_median_interval_of_fifteen_values() -> None:
    low, high, coverage = scoring.median_interval(range(1, 16))
    assert (low, high) == (4, 12)
    assert coverage == 0.96484375
    # Five values cannot give 95 %: the extremes cover 1 - 2 / 2^5.
    assert scoring.median_interval([3, 1, 2, 5, 4]) == (1, 5, 0.9375)


def test_compare_claims_a_win_only_with_enough_problems() -> None:
    rng = np.random.default_rng(3)
    ours = rng.uniform(0, 1, 24)
    table = np.column_stack([ours, ours + rng.uniform(0.1, 1, 24), ours + rng.normal(0, 0.1, 24)])
    worse, equal = scoring.compare(table, ["ours", "worse", "equal"], "ours")
    assert worse.beats and worse.wins == 24 and worse.losses == 0
    assert worse.rank_difference > scoring.critical_difference(3, 24)
    assert not worse.beaten
    assert not equal.beats
    (beaten, _) = scoring.compare(table, ["ours", "worse", "equal"], "worse")
    assert beaten.beaten and not beaten.beats and (beaten.wins, beaten.losses) == (0, 24)
    assert not any(c.beats for c in scoring.compare(table[:19], ["ours", "a", "b"], "ours"))


def test_win_shares_count_ties_half() -> None:
    table = [[1, 2], [3, 3 * (1 + 1e-12)], [5, 4], [1, math.inf]]
    shares = scoring.win_shares(table)
    assert shares.tolist() == [[0.5, 0.625], [0.375, 0.5]]


def test_critical_difference_of_many_methods() -> None:
    # The studentized range at 0.05 for 20 groups and infinite degrees of freedom is 5.01 in the
    # tables of Harter (1960).
    q = scoring.critical_difference(20, 10) / math.sqrt(20 * 21 / 60)
    assert q * math.sqrt(2) == pytest.approx(5.01, abs=0.005)
