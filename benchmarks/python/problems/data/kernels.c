// Eight small kernels that a compiler can be good or bad at. `kernels K` runs each K times after a
// warm-up and prints the sum over the kernels of the least time of a run, in seconds. It ends with
// status 1 where a kernel's answer is wrong, so that a miscompiled program has no time.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { kMatrix = 192, kSort = 300000, kPicture = 120, kText = 1 << 19, kWords = 700, kBodies = 5 };

static double a[kMatrix][kMatrix], b[kMatrix][kMatrix], c[kMatrix][kMatrix];
static int32_t numbers[kSort];
static unsigned char text[kText];
static uint32_t state;

static uint32_t draw(void) {
  state = 1103515245u * state + 12345u;
  return state >> 16;
}

static double matrix_product(void) {
  for (int i = 0; i < kMatrix; ++i) {
    for (int j = 0; j < kMatrix; ++j) {
      double sum = 0;
      for (int k = 0; k < kMatrix; ++k) sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
  }
  double trace = 0;
  for (int i = 0; i < kMatrix; ++i) trace += c[i][i];
  return trace;
}

static void swap(int32_t* x, int32_t* y) {
  int32_t kept = *x;
  *x = *y;
  *y = kept;
}

static void quicksort(int32_t* first, int32_t* last) {
  while (last - first > 1) {
    int32_t pivot = first[(last - first) / 2];
    int32_t *left = first, *right = last - 1;
    while (left <= right) {
      while (*left < pivot) ++left;
      while (*right > pivot) --right;
      if (left <= right) swap(left++, right--);
    }
    quicksort(first, right + 1);
    first = left;
  }
}

static double sorting(void) {
  state = 7;
  for (int i = 0; i < kSort; ++i) numbers[i] = (int32_t)(draw() << 15 ^ draw());
  quicksort(numbers, numbers + kSort);
  int wrong = 0;
  for (int i = 1; i < kSort; ++i) wrong += numbers[i - 1] > numbers[i];
  return wrong;
}

static double mandelbrot(void) {
  long inside = 0;
  for (int row = 0; row < kPicture; ++row) {
    for (int column = 0; column < kPicture; ++column) {
      double x0 = -2.0 + 3.0 * column / kPicture, y0 = -1.5 + 3.0 * row / kPicture;
      double x = 0, y = 0;
      int steps = 0;
      while (steps < 200 && x * x + y * y <= 4.0) {
        double next = x * x - y * y + x0;
        y = 2 * x * y + y0;
        x = next;
        ++steps;
      }
      inside += steps == 200;
    }
  }
  return (double)inside;
}

static uint32_t hash(const unsigned char* bytes, size_t length) {
  uint32_t value = 2166136261u;  // FNV-1a
  for (size_t i = 0; i < length; ++i) value = (value ^ bytes[i]) * 16777619u;
  return value;
}

static double hashing(void) {
  uint32_t mixed = 0;
  for (size_t begin = 0; begin + 64 <= kText; begin += 16) mixed ^= hash(text + begin, 64);
  return mixed;
}

static double substrings(void) {
  static const char* const words[] = {"abc", "hjk", "aaaa", "kjih", "gfed"};
  long found = 0;
  for (size_t w = 0; w < sizeof words / sizeof *words; ++w) {
    size_t length = strlen(words[w]);
    for (size_t i = 0; i + length <= kText; ++i) {
      size_t j = 0;
      while (j < length && text[i + j] == (unsigned char)words[w][j]) ++j;
      found += j == length;
    }
  }
  return (double)found;
}

static int least(int x, int y, int z) {
  int smaller = x < y ? x : y;
  return smaller < z ? smaller : z;
}

static double edit_distance(void) {
  static int row[kWords + 1];
  const unsigned char *first = text, *second = text + 5000;
  for (int j = 0; j <= kWords; ++j) row[j] = j;
  for (int i = 1; i <= kWords; ++i) {
    int diagonal = row[0];
    row[0] = i;
    for (int j = 1; j <= kWords; ++j) {
      int above = row[j];
      row[j] = least(above + 1, row[j - 1] + 1, diagonal + (first[i - 1] != second[j - 1]));
      diagonal = above;
    }
  }
  return row[kWords];
}

struct body {
  double x, y, vx, vy, mass;
};

static double gravity(void) {
  struct body bodies[kBodies];
  for (int i = 0; i < kBodies; ++i) {
    struct body made = {i * 1.5 + 1, i % 2 ? -1.0 : 1.0, 0.1 * i, 0.3 - 0.1 * i, 1.0 / (i + 1)};
    bodies[i] = made;
  }
  for (int step = 0; step < 20000; ++step) {
    for (int i = 0; i < kBodies; ++i) {
      for (int j = i + 1; j < kBodies; ++j) {
        double dx = bodies[i].x - bodies[j].x, dy = bodies[i].y - bodies[j].y;
        double squared = dx * dx + dy * dy + 0.5;
        double pull = 1e-4 / (squared * sqrt(squared));
        bodies[i].vx -= dx * pull * bodies[j].mass;
        bodies[i].vy -= dy * pull * bodies[j].mass;
        bodies[j].vx += dx * pull * bodies[i].mass;
        bodies[j].vy += dy * pull * bodies[i].mass;
      }
    }
    for (int i = 0; i < kBodies; ++i) {
      bodies[i].x += 1e-4 * bodies[i].vx;
      bodies[i].y += 1e-4 * bodies[i].vy;
    }
  }
  double momentum = 0;
  for (int i = 0; i < kBodies; ++i) momentum += bodies[i].mass * bodies[i].vx;
  return momentum;  // conserved
}

static double primes(void) {
  static unsigned char composite[400000];
  memset(composite, 0, sizeof composite);
  long count = 0;
  for (size_t i = 2; i < sizeof composite; ++i) {
    if (composite[i]) continue;
    ++count;
    for (size_t j = i * i; j < sizeof composite; j += i) composite[j] = 1;
  }
  return (double)count;
}

static const struct kernel {
  const char* name;
  double (*run)(void);
  double answer;
} kernels[] = {
    {"matrix product", matrix_product, 2064211},
    {"sorting", sorting, 0},
    {"mandelbrot", mandelbrot, 2455},
    {"hashing", hashing, 3509441415},
    {"substrings", substrings, 680},
    {"edit distance", edit_distance, 545},
    {"gravity", gravity, 0.27166666666666667},
    {"primes", primes, 33860},
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void fill(void) {
  state = 1;
  for (int i = 0; i < kMatrix; ++i) {
    for (int j = 0; j < kMatrix; ++j) {
      a[i][j] = (double)(draw() % 16);
      b[i][j] = (double)(draw() % 16);
    }
  }
  for (int i = 0; i < kText; ++i) text[i] = (unsigned char)('a' + draw() % 12);
}

int main(int count, char** arguments) {
  int runs = count > 1 ? atoi(arguments[1]) : 1;
  double total = 0;
  fill();
  for (size_t k = 0; k < sizeof kernels / sizeof *kernels; ++k) {
    double fastest = INFINITY;
    for (int run = 0; run <= runs; ++run) {  // the first is a warm-up
      double began = now(), answer = kernels[k].run(), spent = now() - began;
      if (run > 0 && spent < fastest) fastest = spent;
      if (!(fabs(answer - kernels[k].answer) <= 1e-6 * fabs(kernels[k].answer) + 1e-9)) {
        fprintf(stderr, "%s: %.17g instead of %.17g\n", kernels[k].name, answer, kernels[k].answer);
        return 1;
      }
    }
    total += fastest;
  }
  printf("%.9f\n", total);
  return 0;
}
