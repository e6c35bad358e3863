// Molecules as the text of files: methane, nitromethane, benzene, in SDF and in QM9's xyz. Test code; one
// thread.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

namespace grokscope {

inline std::string methane_sdf() {
  return "gdb_1\n     RDKit          3D\n\n"
         "  5  4  0  0  0  0  0  0  0  0999 V2000\n"
         "   -0.0127    1.0858    0.0080 C   0  0  0  0  0  0  0  0  0  0  0  0\n"
         "    0.0022   -0.0060    0.0020 H   0  0  0  0  0  0  0  0  0  0  0  0\n"
         "    1.0117    1.4638    0.0003 H   0  0  0  0  0  0  0  0  0  0  0  0\n"
         "   -0.5408    1.4475   -0.8766 H   0  0  0  0  0  0  0  0  0  0  0  0\n"
         "   -0.5238    1.4379    0.9064 H   0  0  0  0  0  0  0  0  0  0  0  0\n"
         "  1  2  1  0  0  0  0\n  1  3  1  0  0  0  0\n  1  4  1  0  0  0  0\n  1  5  1  0  0  0  0\n"
         "M  END\n$$$$\n";
}

/// Without hydrogens; charges once in the atom lines (wrong) and once as M  CHG (right).
inline std::string nitromethane_sdf() {
  return "nitro\r\n  x\r\n\r\n"
         "  4  3  0  0  0  0            999 V2000\r\n"
         "    0.0000    0.0000    0.0000 C   0  0\r\n"
         "    1.5000    0.0000    0.0000 N   0  5\r\n"
         "    2.1000    1.0000    0.0000 O   0  0\r\n"
         "    2.1000   -1.0000    0.0000 O   0  0\r\n"
         "  1  2  1\r\n  2  3  2\r\n  2  4  1\r\n"
         "M  CHG  2   2   1   4  -1\r\nM  END\r\n> <AMW>\r\n61.0\r\n\r\n$$$$\r\n";
}

/// As published, dsgdb9nsd_000001.xyz.
inline std::string methane_xyz() {
  return "5\n"
         "gdb "
         "1\t157.7118\t157.70997\t157.70699\t0.\t13.21\t-0.3877\t0.1171\t0.5048\t35.3641\t0.044749\t-40."
         "47893\t"
         "-40.476062\t-40.475117\t-40.498597\t6.469\t\n"
         "C\t-0.0126981359\t 1.0858041578\t 0.0080009958\t-0.535689\n"
         "H\t 0.002150416\t-0.0060313176\t 0.0019761204\t 0.133921\n"
         "H\t 1.0117308433\t 1.4637511618\t 0.0002765748\t 0.133922\n"
         "H\t-0.540815069\t 1.4475266138\t-0.8766437152\t 0.133923\n"
         "H\t-0.5238136345\t 1.4379326443\t 0.9063972942\t 0.133923\n"
         "1341.307\t1341.3284\t1341.365\t1562.6731\t1562.7453\t3038.3205\t3151.6034\t3151.6788\t3151.7078\n"
         "C\tC\t\n"
         "InChI=1S/CH4/h1H4\tInChI=1S/CH4/h1H4\n";
}

struct XyzAtom {
  std::string element;
  double x, y, z;
};

inline std::string xyz_of(const std::vector<XyzAtom>& atoms) {
  std::string text = fmt::format("{}\ngdb 7", atoms.size());
  for (int i = 0; i < 15; ++i) text += "\t1.5";
  text += "\n";
  for (const XyzAtom& atom : atoms) {
    text += fmt::format("{}\t{}\t{}\t{}\t0.1\n", atom.element, atom.x, atom.y, atom.z);
  }
  return text + "100.0\t200.0\nC\tC\nInChI=1S\tInChI=1S\n";
}

inline std::string benzene_xyz() {
  std::vector<XyzAtom> atoms;
  for (int ring = 0; ring < 2; ++ring) {
    for (int i = 0; i < 6; ++i) {
      const double angle = i * 3.14159265358979 / 3.0, radius = ring == 0 ? 1.394 : 1.394 + 1.085;
      atoms.push_back({ring == 0 ? "C" : "H", radius * std::cos(angle), radius * std::sin(angle), 0.0});
    }
  }
  return xyz_of(atoms);
}

}  // namespace grokscope
