// Functions of probability that must not underflow, in one place.
#pragma once

namespace asktell {

double erfcx(double x);     // exp(x^2) erfc(x), x >= 0 without overflow
double log1mexp(double x);  // log(1 - exp(x)) for x < 0 (Maechler 2012)
double normal_pdf(double z);
double normal_cdf(double z);
double normal_quantile(double p);  // 0 < p < 1
double log_normal_cdf(double z);   // accurate for any z
// log(Phi(b) - Phi(a)) for a < b, accurate in both tails and for narrow intervals.
double log_normal_interval(double a, double b);
// Log density of LogNormal(mu, sigma) at x, all constants kept, and its derivative in log x.
double log_lognormal(double x, double mu, double sigma);
double log_lognormal_slope(double x, double mu, double sigma);

}  // namespace asktell
