// SMILES: atoms, bonds and hydrogens of known molecules, and every way to write one wrongly.
#include "data/formats/smiles.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>
#include <string>

#include "data/formats/molecule_facts.h"
#include "data/formats/smiles_table.h"

namespace grokscope {
namespace {

Molecule smiles_of(const std::string& text) {
  const auto molecule = molecule_from_smiles(text, "x.csv");
  EXPECT_TRUE(molecule.ok()) << text << ": " << molecule.error().message;
  return molecule.ok() ? *molecule : Molecule{};
}

// "C7H5N3O2", carbon and hydrogen first, then by name.
std::string formula_of(const Molecule& molecule) {
  std::map<std::string, int> counts;
  for (const Atom& atom : molecule.atoms) {
    ++counts[std::string(symbol_of_element(atom.element))];
    counts["H"] += atom.hydrogens;
  }
  std::string formula;
  const auto add = [&](const std::string& symbol) {
    const int count = counts[symbol];
    if (count > 0) formula += symbol + (count > 1 ? std::to_string(count) : "");
    counts.erase(symbol);  // last: the symbol may be this very key
  };
  add("C");
  add("H");
  while (!counts.empty()) add(counts.begin()->first);
  return formula;
}

std::string smiles_error(const std::string& text) {
  const auto molecule = molecule_from_smiles(text, "x.csv");
  if (molecule.ok()) return "no error";
  EXPECT_EQ(molecule.error().blame, Blame::usage);
  return molecule.error().message;
}

std::string wrong_at(const std::string& text, int character, const std::string& why) {
  return "the SMILES '" + text + "' is wrong at character " + std::to_string(character) + ": " + why +
         ": x.csv";
}

TEST(Smiles, FormulasOfKnownMolecules) {
  for (const auto& [smiles, formula] : std::map<std::string, std::string>{
           {"C", "CH4"},
           {"CCO", "C2H6O"},
           {"C#N", "CHN"},
           {"O=C=O", "CO2"},
           {"CC(=O)O", "C2H4O2"},
           {"[NH4+].[Cl-]", "H4ClN"},
           {"c1ccccc1", "C6H6"},
           {"C1=CC=CC=C1", "C6H6"},
           {"c1ccccc1-c1ccccc1", "C12H10"},
           {"c1ccccc1c1ccccc1", "C12H10"},
           {"c1cc[nH]c1", "C4H5N"},
           {"n1ccccc1", "C5H5N"},
           {"Cn1cnc2c1c(=O)n(C)c(=O)n2C", "C8H10N4O2"},  // caffeine
           {"CC(=O)Oc1ccccc1C(O)=O", "C9H8O4"},          // aspirin
           {"CN1CCC[C@H]1c2cccnc2", "C10H14N2"},         // nicotine
           {"OC[C@@H](O1)[C@@H](O)[C@H](O)[C@@H](O)[C@H](O)1", "C6H12O6"},
           {"S(SC1=NC2=CC=CC=C2S1)C3=NC4=C(S3)C=CC=C4", "C14H8N2S4"},  // NCI 2
           {"OC1=C(Cl)C=C(C=C1[N+]([O-])=O)[N+]([O-])=O", "C6H3ClN2O5"},
           {"CS(=O)(=O)C", "C2H6O2S"},
           {"CP(=O)(O)O", "CH5O3P"},
           {"F/C=C\\F", "C2H2F2"},
           {"[13CH4]", "CH4"},
           {"[H][H]", "H2"},
           {"[Cu++]", "Cu"},
           {"BrC(I)=[Se]", "CBrISe"},
           {"C%12CCCC%12", "C5H10"},
           {"C=%10CCCC%10", "C5H8"},
           {"N(=O)(=O)C", "CH3NO2"},
       }) {
    EXPECT_EQ(formula_of(smiles_of(smiles)), formula) << smiles;
  }
}

TEST(Smiles, BondsAndCharges) {
  const Molecule acid = smiles_of("CC(=O)[O-]");
  ASSERT_EQ(acid.bonds.size(), 3u);
  EXPECT_EQ(acid.bonds[1].order, BondOrder::twofold);
  EXPECT_EQ(acid.bonds[2].first, 1);
  EXPECT_EQ(acid.bonds[2].second, 3);
  EXPECT_EQ(acid.atoms[3].charge, -1);
  EXPECT_EQ(smiles_of("[Fe+3]").atoms[0].charge, 3);
  const Molecule biphenyl = smiles_of("c1ccccc1c1ccccc1");
  int single = 0;
  for (const Bond& bond : biphenyl.bonds) single += bond.order == BondOrder::single ? 1 : 0;
  EXPECT_EQ(single, 1) << "the link between the rings";
  EXPECT_EQ(biphenyl.bonds.size(), 13u);
  EXPECT_EQ(smiles_of("C1CC=1").bonds[2].order, BondOrder::twofold) << "the order may stand at either digit";
  EXPECT_EQ(smiles_of("CC.OO").bonds.size(), 2u);
}

TEST(Smiles, ErrorsPointAtTheCharacter) {
  EXPECT_EQ(smiles_error(""), "the SMILES is empty: x.csv");
  EXPECT_EQ(smiles_error("CC(C"), wrong_at("CC(C", 3, "this branch is never closed"));
  EXPECT_EQ(smiles_error("CC)C"), wrong_at("CC)C", 3, "this ) closes no branch"));
  EXPECT_EQ(smiles_error("CC()C"), wrong_at("CC()C", 4, "an empty branch"));
  EXPECT_EQ(smiles_error("(C)C"), wrong_at("(C)C", 1, "a branch needs an atom before it"));
  EXPECT_EQ(smiles_error("C1CC"), wrong_at("C1CC", 2, "ring 1 is opened here and never closed"));
  EXPECT_EQ(smiles_error("C=1CC#1"),
            wrong_at("C=1CC#1", 7, "ring 1 closes with another bond than it was opened with"));
  EXPECT_EQ(smiles_error("C11"), wrong_at("C11", 3, "an atom is bound to itself"));
  EXPECT_EQ(smiles_error("C1C1"), wrong_at("C1C1", 4, "two atoms are bound twice"));
  EXPECT_EQ(smiles_error("C%1"), wrong_at("C%1", 2, "% needs two digits after it, as in %12"));
  EXPECT_EQ(smiles_error("CC="), wrong_at("CC=", 3, "a bond needs an atom after it"));
  EXPECT_EQ(smiles_error("=CC"), wrong_at("=CC", 1, "a bond needs an atom before it"));
  EXPECT_EQ(smiles_error("C==C"), wrong_at("C==C", 3, "two bonds in a row"));
  EXPECT_EQ(smiles_error("C(C=)C"), wrong_at("C(C=)C", 4, "a bond needs an atom after it"));
  EXPECT_EQ(smiles_error("CC."), wrong_at("CC.", 3, "a dot needs an atom after it"));
  EXPECT_EQ(smiles_error("C(C.)C"), wrong_at("C(C.)C", 4, "a dot needs an atom after it"));
  EXPECT_EQ(smiles_error("C[Na"), wrong_at("C[Na", 2, "this [ is never closed"));
  EXPECT_EQ(smiles_error("C[Xx]"), wrong_at("C[Xx]", 3, "'X' is not an element"));
  EXPECT_EQ(smiles_error("C[C+20]"), wrong_at("C[C+20]", 4, "a charge of more than 15"));
  EXPECT_EQ(smiles_error("C[CH3?]"), wrong_at("C[CH3?]", 6, "'?' does not belong into brackets here"));
  EXPECT_EQ(smiles_error("C$C"), wrong_at("C$C", 2, "quadruple bonds are not supported"));
  EXPECT_EQ(smiles_error("C*"), wrong_at("C*", 2, "the wildcard * is not supported"));
  EXPECT_EQ(smiles_error("CNa"),
            wrong_at("CNa", 3, "'a' is not part of SMILES; elements such as Na stand in brackets: [Na]"));
  EXPECT_EQ(smiles_error("CC\xFF"),
            "the SMILES 'CC\\xff' is wrong at character 3: '\\xff' is not part of SMILES; elements "
            "such as Na stand in brackets: [Na]: x.csv");
  EXPECT_NE(smiles_error(std::string(1000, 'C')).find("more than 999 atoms"), std::string::npos);
  EXPECT_NE(smiles_error(std::string(20'000, 'C')).find("at most 10000"), std::string::npos);
  std::string deep = "C";
  for (int i = 0; i < 300; ++i) deep += "(C";
  EXPECT_NE(smiles_error(deep).find("nested too deeply"), std::string::npos);
}

TEST(MoleculeFacts, AromaticRingsAreFoundInEitherSpelling) {
  const auto aromatic = [](const std::string& smiles) {
    int count = 0;
    for (const AtomFacts& atom : facts_of(smiles_of(smiles)).atoms) count += atom.aromatic ? 1 : 0;
    return count;
  };
  EXPECT_EQ(aromatic("c1ccccc1"), 6);
  EXPECT_EQ(aromatic("C1=CC=CC=C1"), 6);
  EXPECT_EQ(aromatic("C1=CC2=CC=CC=C2C=C1"), 10) << "naphthalene";
  EXPECT_EQ(aromatic("C1=CNC=C1"), 5) << "pyrrole";
  EXPECT_EQ(aromatic("C1=COC=C1"), 5) << "furan";
  EXPECT_EQ(aromatic("C1=CSC=N1"), 5) << "thiazole";
  EXPECT_EQ(aromatic("CC1=CC(=O)C=CC1=O"), 0) << "a quinone, NCI 1";
  EXPECT_EQ(aromatic("C1CCCCC1"), 0);
  EXPECT_EQ(aromatic("C1=CCC=C1"), 0) << "cyclopentadiene: sp3 carbon in the ring";
  EXPECT_EQ(aromatic("C1=CC=C1"), 0) << "cyclobutadiene: four electrons";
  EXPECT_EQ(aromatic("O=C1C=CC=CN1"), 6) << "pyridone";
}

TEST(MoleculeFacts, HybridisationAndHydrogens) {
  const auto facts = facts_of(smiles_of("CC#CC(=O)NC"));
  const std::vector<Hybridisation> expected = {Hybridisation::sp3, Hybridisation::sp,  Hybridisation::sp,
                                               Hybridisation::sp2, Hybridisation::sp2, Hybridisation::sp2,
                                               Hybridisation::sp3};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(facts.atoms[i].hybridisation, expected[i]) << i;
  EXPECT_EQ(facts.atoms[0].hydrogens, 3);
  EXPECT_EQ(facts.atoms[5].hydrogens, 1);
  EXPECT_EQ(facts_of(smiles_of("[H]O[H]")).atoms[1].hydrogens, 2) << "hydrogens as atoms count too";
  EXPECT_EQ(facts_of(smiles_of("[H]O[H]")).atoms[0].hybridisation, Hybridisation::none);
  EXPECT_EQ(facts_of(smiles_of("CS(=O)(=O)C")).atoms[1].hybridisation, Hybridisation::sp3);
  EXPECT_EQ(facts_of(smiles_of("O=C=O")).atoms[1].hybridisation, Hybridisation::sp);
}

TEST(SmilesTable, CommentsHeadersAndColumns) {
  const auto plain = smiles_table_from_text("# from somewhere\nCCO,20.23\r\n\r\nC#N, 23.79\n", "", "x.csv");
  ASSERT_TRUE(plain.ok()) << plain.error().message;
  ASSERT_EQ(plain->rows.size(), 2u);
  EXPECT_EQ(plain->rows[1].smiles, "C#N");
  EXPECT_EQ(plain->rows[1].value, 23.79);
  EXPECT_EQ(plain->rows[1].row, 4u);
  const std::string named = "SMILES,TPSA,logP\nCCO,20.23,-0.14\n";
  EXPECT_EQ(smiles_table_from_text(named, "logP", "x.csv")->rows[0].value, -0.14);
  EXPECT_EQ(smiles_table_from_text(named, "TPSA", "x.csv")->value_name, "TPSA");
}

/// "CCO=1.5 C#N=2 ", or the error.
std::string molecules_of_csv(const std::string& text, const std::string& column = "") {
  const auto table = smiles_table_from_text(text, column, "x.csv");
  if (!table) return table.error().message;
  std::string shown;
  for (const SmilesRow& row : table->rows) shown += fmt::format("{}={} ", row.smiles, row.value);
  return shown;
}

TEST(SmilesTable, ColumnsAreFoundByTheirNamesWhereverTheyStand) {
  EXPECT_EQ(molecules_of_csv("id,value,smiles\nM0,1.5,CCO\nM1,2,C#N\n"), "CCO=1.5 C#N=2 ");
  EXPECT_EQ(molecules_of_csv("\"Compound ID\",measured,smiles\n\"0,1-x\",1.5,CCO\n\"1,2-x\",2,\"C#N\"\n"),
            "CCO=1.5 C#N=2 ");
  EXPECT_EQ(molecules_of_csv("index;canonical_smiles;logP\n0;CCO;1.5\n1;C#N;2\n"), "CCO=1.5 C#N=2 ")
      << "an index is not what is to be predicted";
  EXPECT_EQ(molecules_of_csv("smiles,logP\n\"CCO\n\",1.5\n\"C#N\n\",2\n"), "CCO=1.5 C#N=2 ")
      << "line breaks within quotes";
  EXPECT_EQ(smiles_table_from_text("id,value,smiles\nM0,1.5,CCO\n", "", "x.csv")->reading,
            "1 molecules: SMILES in column 3, 'smiles'; values in column 2, 'value'; cells parted by commas");
}

TEST(SmilesTable, TheTargetIsChosenAmongSeveralAndTheChoicesAreNamed) {
  const std::string many = "mol_id,smiles,A,mu,alpha\nm_0,CCO,1,0.1,1.5\nm_1,C#N,1,0.2,2\n";
  EXPECT_EQ(molecules_of_csv(many, "alpha"), "CCO=1.5 C#N=2 ");
  EXPECT_EQ(molecules_of_csv(many, "MU"), "CCO=0.1 C#N=0.2 ");
  EXPECT_EQ(molecules_of_csv(many),
            "the table has 3 columns of numbers: set task.target to one of 'A', 'mu', 'alpha': x.csv");
  EXPECT_EQ(molecules_of_csv(many, "gap"),
            "the table has no column 'gap': it has 'mol_id', 'smiles', 'A', 'mu', 'alpha': x.csv");
  EXPECT_EQ(molecules_of_csv(many, "alpah"), "the table has no column 'alpah': did you mean 'alpha'?: x.csv");
  EXPECT_EQ(molecules_of_csv(many, "smiles"), "task.target is 'smiles', the column of SMILES: x.csv");
  EXPECT_EQ(
      molecules_of_csv("smiles,name,class\nCCO,ethanol,alcohol\n"),
      "no column of the table holds a number in row 2: set task.target to one of 'name', 'class': x.csv");
}

TEST(SmilesTable, Errors) {
  EXPECT_EQ(molecules_of_csv(""), "the table has no molecules: x.csv");
  EXPECT_EQ(molecules_of_csv("# only\n"), "the table has no molecules: x.csv");
  EXPECT_EQ(molecules_of_csv("smiles,a\n"), "the table has a header and no molecules: x.csv");
  EXPECT_EQ(molecules_of_csv("smiles\nCCO\n"), "the table has no column of values beside its SMILES: x.csv");
  EXPECT_EQ(molecules_of_csv("CCO,1\nC\n"),
            "row 2 of the table has 1 cells where the first row has 2: 'C': x.csv");
  EXPECT_EQ(molecules_of_csv("CCO,1\nC,nan\n"),
            "row 2, column 2 of the table: 'nan' is not a finite number: x.csv");
  EXPECT_EQ(molecules_of_csv("smiles,v\nC,1e999\n"),
            "row 2, column 2, 'v' of the table: '1e999' is not a finite number: x.csv");
  EXPECT_EQ(
      molecules_of_csv("molecule,value\nCCO,1\n"),
      "row 1 of the table is neither a header, in which a column must be named SMILES, nor SMILES,value with "
      "a finite number: it has 'molecule', 'value': x.csv");
  EXPECT_EQ(molecules_of_csv("CCO,1\n", "c"),
            "the table has no header, so it has no column 'c'; leave task.target empty: x.csv");
}

}  // namespace
}  // namespace grokscope
