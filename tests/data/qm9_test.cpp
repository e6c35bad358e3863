// QM9's files: SDF records, the table beside them, xyz with bonds from distances; and how each breaks.
#include "data/formats/qm9.h"

#include <gtest/gtest.h>

#include <string>

#include "data/formats/molecule_facts.h"
#include "data/formats/sdf.h"
#include "data/molecule_files.h"

namespace grokscope {
namespace {

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string sdf_error(const std::string& text) {
  SdfReader reader(text, "x.sdf");
  for (;;) {
    const auto molecule = reader.next();
    if (!molecule) return molecule.error().message;
    if (!*molecule) return "no error";
  }
}

TEST(Sdf, RecordsOneAfterTheOther) {
  const std::string text = methane_sdf() + nitromethane_sdf() + "\n";
  SdfReader reader(text, "x.sdf");
  auto methane = reader.next();
  ASSERT_TRUE(methane.ok()) << methane.error().message;
  ASSERT_TRUE(methane->has_value());
  EXPECT_EQ((*methane)->atoms.size(), 5u);
  EXPECT_EQ((*methane)->atoms[0].element, 6);
  EXPECT_EQ((*methane)->bonds.size(), 4u);
  auto nitro = reader.next();
  ASSERT_TRUE(nitro.ok()) << nitro.error().message;
  EXPECT_EQ((*nitro)->atoms[1].charge, 1) << "M  CHG replaces what the atom lines say";
  EXPECT_EQ((*nitro)->atoms[3].charge, -1);
  EXPECT_EQ((*nitro)->bonds[1].order, BondOrder::twofold);
  EXPECT_FALSE(reader.next()->has_value());
  EXPECT_EQ(reader.records(), 2u);
  SdfReader skipping(text, "x.sdf");
  EXPECT_TRUE(*skipping.skip());
  EXPECT_EQ((**skipping.next()).atoms.size(), 4u);
  EXPECT_FALSE(*skipping.skip());
}

TEST(Sdf, DamagedRecords) {
  const std::string good = methane_sdf();
  EXPECT_EQ(sdf_error(good), "no error");
  const std::string counts = "  5  4  0  0  0  0  0  0  0  0999 V2000";
  const auto with_counts = [&](const std::string& other) { return replaced(good, counts, other); };
  EXPECT_EQ(sdf_error(good.substr(0, 10)),
            "the SDF file is cut off in record 1: its third line is missing; get a fresh copy: x.sdf");
  EXPECT_EQ(sdf_error(good.substr(0, good.size() - 5)),
            "the SDF file is cut off in record 1: $$$$ is missing; get a fresh copy: x.sdf");
  EXPECT_EQ(sdf_error(good.substr(0, good.find("M  END"))),
            "the SDF file is cut off in record 1: M  END is missing; get a fresh copy: x.sdf");
  EXPECT_EQ(sdf_error(with_counts("  5  4  0     0  0            999 V3000")),
            "record 1, line 4 of the SDF file: V3000 records are not supported; convert it to V2000: x.sdf");
  EXPECT_EQ(sdf_error(with_counts("hello")),
            "record 1, line 4 of the SDF file: the counts line does not end in V2000: x.sdf");
  EXPECT_EQ(
      sdf_error(with_counts("999999  0  0  0  0  0  0  0  0999 V2000")),
      "record 1, line 10 of the SDF file: '1  2  1' is not a coordinate; an atom is missing or the line is "
      "damaged: x.sdf")
      << "what a counts line promises is not believed";
  EXPECT_EQ(sdf_error(with_counts(" -5  4  0  0  0  0  0  0  0  0999 V2000")),
            "record 1, line 4 of the SDF file: '-5' is not a number of atoms: x.sdf");
  EXPECT_EQ(sdf_error(with_counts("  4  4  0  0  0  0  0  0  0  0999 V2000")).substr(0, 34),
            "record 1, line 9 of the SDF file: ");
  EXPECT_EQ(sdf_error(replaced(good, "1.0858", "   nan")).substr(0, 66),
            "record 1, line 5 of the SDF file: 'nan' is not a coordinate; an at");
  EXPECT_EQ(sdf_error(replaced(good, " C  ", " Xx ")),
            "record 1, line 5 of the SDF file: 'Xx' is not an element: x.sdf");
  EXPECT_EQ(sdf_error(replaced(good, "  1  2  1", "  1  6  1")),
            "record 1, line 10 of the SDF file: '  1  6  1  0  0  0  0' is not a bond between two of 5 "
            "atoms: x.sdf");
  EXPECT_EQ(sdf_error(replaced(good, "  1  2  1", "  2  2  1")),
            "record 1, line 10 of the SDF file: atom 2 is bound to itself: x.sdf");
  EXPECT_EQ(sdf_error(replaced(good, "  1  2  1", "  1  3  1")),
            "record 1, line 11 of the SDF file: atoms 1 and 3 are bound twice: x.sdf");
  EXPECT_EQ(sdf_error(replaced(good, "  1  2  1", "  1  2  8")),
            "record 1, line 10 of the SDF file: a bond of the unknown order 8: x.sdf");
  EXPECT_EQ(sdf_error(replaced(nitromethane_sdf(), "M  CHG  2", "M  CHG  9")),
            "record 1, line 12 of the SDF file: an M  CHG line lists 1 to 8 charges: x.sdf");
}

TEST(Qm9Table, AColumnByName) {
  const std::string table = "mol_id,A,alpha,mu\ngdb_1,157.7,13.21,0.\ngdb_2,293.6,9.46,1.6256\n";
  EXPECT_EQ(*table_column(table, "alpha", "x.csv"), (std::vector<double>{13.21, 9.46}));
  EXPECT_EQ(*table_column(table, "mu", "x.csv"), (std::vector<double>{0.0, 1.6256}));
  const auto error = [](const std::string& text, const std::string& column) {
    const auto values = table_column(text, column, "x.csv");
    return values.ok() ? std::string("no error") : values.error().message;
  };
  EXPECT_EQ(error(table, "alhpa"), "the table has no column 'alhpa': did you mean 'alpha'?: x.csv");
  EXPECT_EQ(error(table, "zzzzzz"),
            "the table has no column 'zzzzzz': it has 'mol_id', 'A', 'alpha', 'mu': x.csv");
  EXPECT_EQ(error(table, "mol_id"),
            "row 2, column 1, 'mol_id' of the table: 'gdb_1' is not a finite number: x.csv");
  EXPECT_EQ(error(table + "gdb_3,1,2\n", "A"),
            "row 4 of the table has 3 cells where the header has 4: x.csv");
  EXPECT_EQ(error(table + "gdb_3,1,NaN,2\n", "alpha"),
            "row 4, column 3, 'alpha' of the table: 'NaN' is not a finite number: x.csv");
  EXPECT_EQ(*table_column("\"id\";alpha\n\"a;b\";1.5\n\n\"c\nd\";2\n", "alpha", "x.csv"),
            (std::vector<double>{1.5, 2.0}))
      << "quotes, semicolons and blank rows";
  EXPECT_EQ(error("mol_id,A\n", "A"), "the table has a header and no rows: x.csv");
  EXPECT_EQ(error("", "A"), "the table is empty: x.csv");
}

TEST(Qm9Table, MoleculesToLeaveOut) {
  std::string list;
  for (int i = 1; i <= 9; ++i) list += "3054 heading\n";
  list += "     21  CNC C N  0.1\n     22  x\n      3 y\n----------\n";
  EXPECT_EQ(*uncharacterised_from_text(list, "x.txt"), (std::vector<std::int64_t>{3, 21, 22}));
  EXPECT_EQ(uncharacterised_from_text("heading\n", "x.txt").error().message,
            "the list of molecules names none after its nine lines of heading: x.txt");
  EXPECT_EQ(uncharacterised_from_text(list + "99999999999999999999 z\n", "x.txt").error().message,
            "line 14 of the list of molecules: '99999999999999999999' is not the number of one: x.txt");
}

TEST(Qm9Xyz, MethaneWithMathematicasExponents) {
  const auto methane = molecule_from_qm9_xyz(methane_xyz(), "x.xyz");
  ASSERT_TRUE(methane.ok()) << methane.error().message;
  EXPECT_EQ(methane->molecule.atoms.size(), 5u);
  EXPECT_EQ(methane->molecule.bonds.size(), 4u);
  EXPECT_EQ(methane->properties[4], 13.21) << "alpha";
  EXPECT_EQ(methane->properties[14], 6.469) << "cv";
  const auto small = molecule_from_qm9_xyz(replaced(methane_xyz(), "0.0126981359", "1.2*^-6"), "x.xyz");
  ASSERT_TRUE(small.ok()) << small.error().message;
}

// Distances as in QM9 (B3LYP): what the rule makes of them.
TEST(Qm9Xyz, BondsFollowDistances) {
  const auto order = [](const std::string& element, double distance) {
    const auto molecule = molecule_from_qm9_xyz(xyz_of({{"C", 0, 0, 0}, {element, distance, 0, 0}}), "x.xyz");
    EXPECT_TRUE(molecule.ok()) << molecule.error().message;
    if (molecule->molecule.bonds.empty()) return std::string("none");
    constexpr const char* kNames[] = {"single", "double", "triple", "aromatic"};
    return std::string(kNames[static_cast<int>(molecule->molecule.bonds[0].order)]);
  };
  EXPECT_EQ(order("C", 1.53), "single");
  EXPECT_EQ(order("C", 1.33), "double");
  EXPECT_EQ(order("C", 1.20), "triple");
  EXPECT_EQ(order("C", 1.40), "single") << "aromatic only in a ring";
  EXPECT_EQ(order("C", 2.5), "none");
  EXPECT_EQ(order("N", 1.46), "single");
  EXPECT_EQ(order("N", 1.27), "double");
  EXPECT_EQ(order("N", 1.16), "triple");
  EXPECT_EQ(order("O", 1.42), "single");
  EXPECT_EQ(order("O", 1.21), "double");
  EXPECT_EQ(order("F", 1.35), "single");
  const auto benzene = molecule_from_qm9_xyz(benzene_xyz(), "x.xyz");
  ASSERT_TRUE(benzene.ok()) << benzene.error().message;
  EXPECT_EQ(benzene->molecule.bonds.size(), 12u);
  const MoleculeFacts facts = facts_of(benzene->molecule);
  int aromatic = 0;
  for (const AtomFacts& atom : facts.atoms) aromatic += atom.aromatic ? 1 : 0;
  EXPECT_EQ(aromatic, 6);
  EXPECT_EQ(facts.atoms[0].hydrogens, 1);
}

TEST(Qm9Xyz, DamagedFiles) {
  const auto error = [](const std::string& text) {
    const auto molecule = molecule_from_qm9_xyz(text, "x.xyz");
    return molecule.ok() ? std::string("no error") : molecule.error().message;
  };
  const std::string good = methane_xyz();
  EXPECT_EQ(error(good), "no error");
  EXPECT_EQ(error(""), "the xyz file is cut off: the number of atoms is missing; get a fresh copy: x.xyz");
  EXPECT_EQ(error("4294967295" + good.substr(1)),
            "line 1 of the xyz file: the file must begin with a number of atoms, 1 to 999: x.xyz");
  EXPECT_EQ(error("7" + good.substr(1)).substr(0, 56),
            "line 8 of the xyz file: '1341.307' is not one of QM9's e");
  EXPECT_EQ(error("4" + good.substr(1)),
            "line 7 of the xyz file: 'H' is not a frequency; is the number of atoms right?: x.xyz");
  EXPECT_EQ(error(replaced(good, "13.21", "NaN")),
            "line 2 of the xyz file: 'NaN' of alpha is not a finite number: x.xyz");
  EXPECT_EQ(error(replaced(good, "13.21", "1*^9999")),
            "line 2 of the xyz file: '1*^9999' of alpha is not a finite number: x.xyz");
  EXPECT_EQ(error(replaced(good, "6.469", "6.469\t1.0")),
            "line 2 of the xyz file: more than 15 properties: x.xyz");
  EXPECT_EQ(error(replaced(good, "gdb", "gdp")),
            "line 2 of the xyz file: the properties do not begin with gdb and a number; this is not an xyz "
            "file of QM9: x.xyz");
  EXPECT_EQ(error(replaced(good, "C\t", "Fe\t")),
            "line 3 of the xyz file: 'Fe' is not one of QM9's elements H, C, N, O, F: x.xyz");
  EXPECT_EQ(error(good.substr(0, good.find("InChI"))),
            "the xyz file is cut off: the line of InChI is missing; get a fresh copy: x.xyz");
  EXPECT_EQ(
      error(xyz_of({{"C", 0, 0, 0}, {"C", 0.1, 0, 0}})),
      "atoms 1 and 2 of the xyz file are 0.10 Å apart; no molecule is like that, get a fresh copy: x.xyz");
}

}  // namespace
}  // namespace grokscope
