/* A C program that minimizes a parabola through the C interface, with bad input too. */
#include <asktell/asktell.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int condition, const char* what) {
  if (condition) return;
  fprintf(stderr, "failed: %s (%s)\n", what, asktell_error());
  exit(1);
}

int main(void) {
  asktell_study* study = NULL;
  int64_t trial = -1;
  double value = 0;
  char* point = NULL;
  require(asktell_open("{\"space\": 3}", &study) == ASKTELL_ERROR, "a space that is none");
  require(strlen(asktell_error_id()) > 0, "errors have identifiers");
  require(asktell_open(
              "{\"space\": {\"parameters\": [{\"name\": \"x\", \"kind\": \"real\", \"low\": -5, "
              "\"high\": 10}]}, \"seed\": 7, \"n_trials\": 12, \"solver\": \"gp_bo\"}",
              &study) == ASKTELL_OK,
          "open");
  require(asktell_best(study, NULL, NULL, NULL) == ASKTELL_EXHAUSTED, "nothing told yet");
  while (asktell_ask(study, &trial, &point) == ASKTELL_OK) {
    double x = 0;
    require(sscanf(point, "{\"x\":%lf}", &x) == 1, "a point is JSON");
    require(asktell_tell(study, trial, (x - 2) * (x - 2)) == ASKTELL_OK, "tell");
    asktell_free(point);
  }
  require(asktell_told(study) == 12, "the budget is exact");
  require(asktell_tell(study, 0, 1.0) == ASKTELL_TOLD_TWICE, "told twice");
  require(asktell_best(study, &trial, &value, &point) == ASKTELL_OK, "best");
  printf("trial %lld: %g at %s\n", (long long)trial, value, point);
  require(value < 0.1, "close to the minimum");
  asktell_free(point);
  asktell_close(study);
  return 0;
}
