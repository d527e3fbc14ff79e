# Products, images and squares of permutations, and characters of S_n, computed by GAP alone and printed as JSON.
#
#     gap -q -A --nointeract tests/trust/conventions.g
#
# Points count from 1; a permutation is the list of its images.

SizeScreen([4096, 24]);;
Text := function(object) local s; s := String(object); RemoveCharacters(s, " \n"); return s; end;;
PrintRows := function(name, list)
  local i;
  Print("\"", name, "\": [\n");
  for i in [1 .. Length(list)] do
    Print(Text(list[i]));
    if i < Length(list) then Print(","); fi;
    Print("\n");
  od;
  Print("]");
end;;
ImagesOf := g -> List([1 .. 4], i -> i ^ g);;

elements := Elements(SymmetricGroup(4));;
Print("{\"version\": \"", GAPInfo.Version, "\",\n");
PrintRows("products", Concatenation(List(elements, g -> List(elements, h -> [ImagesOf(g), ImagesOf(h), ImagesOf(g * h)]))));
Print(",\n");
PrintRows("images", List(elements, g -> [ImagesOf(g), Permuted([10, 20, 30, 40], g ^ -1)]));
Print(",\n\"tables\": [\n");
for n in [1 .. 9] do
  table := CharacterTable(SymmetricGroup(n));;
  irr := Irr(table);;
  if n > 1 then Print(",\n"); fi;
  Print("{");
  PrintRows("irreps", List(CharacterParameters(table), p -> p[2]));
  Print(",\n");
  PrintRows("classes", List(ClassParameters(table), p -> p[2]));
  Print(",\n");
  PrintRows("sizes", SizesConjugacyClasses(table));
  Print(",\n");
  PrintRows("squares", PowerMap(table, 2));
  Print(",\n");
  PrintRows("values", List(irr, ValuesOfClassFunction));
  Print("}");
od;
Print("]}\n");
QUIT;
