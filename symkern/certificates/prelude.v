From Coq Require Import QArith Qreduction ZArith Arith List Bool.
Import ListNotations.
Open Scope Q_scope.

(* Exact rationals in lowest terms. *)
Definition add (a b : Q) : Q := Qred (a + b).
Definition mul (a b : Q) : Q := Qred (a * b).
Definition sum (l : list Q) : Q := fold_left add l 0.
Fixpoint power (a : Q) (n : nat) : Q :=
  match n with O => 1 | S m => mul a (power a m) end.
Definition whole (n : nat) : Q := inject_Z (Z.of_nat n).
Definition equal (a b : Q) : bool := Qeq_bool a b.

Lemma by_computation : forall (A : Type) (holds : A -> bool) (P : A -> Prop) (l : list A),
  (forall a, holds a = true -> P a) -> forallb holds l = true -> forall a, In a l -> P a.
Proof.
  intros A holds P l sound H a inside. apply sound.
  rewrite forallb_forall in H. now apply H.
Qed.

(* Weighted lists of keys: equal keys are added up. *)
Fixpoint same (a b : list nat) : bool :=
  match a, b with
  | [], [] => true
  | x :: a', y :: b' => Nat.eqb x y && same a' b'
  | _, _ => false
  end.
Fixpoint collect (key : list nat) (c : Z) (l : list (list nat * Z)) : list (list nat * Z) :=
  match l with
  | [] => [(key, c)]
  | (k, d) :: rest => if same key k then (k, (c + d)%Z) :: rest else (k, d) :: collect key c rest
  end.
Definition gather (l : list (list nat * Z)) : list (list nat * Z) :=
  fold_left (fun found entry => collect (fst entry) (snd entry) found) l [].
Definition value_at (key : list nat) (l : list (list nat * Z)) : Z :=
  fold_left (fun total entry => if same key (fst entry) then (total + snd entry)%Z else total) l 0%Z.

(* The partition (n - |mu|, mu). *)
Definition padded (n : nat) (mu : list nat) : list nat := (n - list_sum mu)%nat :: mu.

(* Standard tableaux: the largest number stands in a corner, so that their number is the
   sum of those of the shapes with one box less. *)
Fixpoint one_box_less (before shape : list nat) : list (list nat) :=
  match shape with
  | [] => []
  | r :: rest =>
      (if Nat.ltb (hd O rest) r then [rev before ++ pred r :: rest] else [])
      ++ one_box_less (r :: before) rest
  end.
Fixpoint descend (boxes : nat) (l : list (list nat * Z)) : list (list nat * Z) :=
  match boxes with
  | O => l
  | S n => descend n (gather (flat_map (fun entry =>
      map (fun shape => (shape, snd entry)) (one_box_less [] (fst entry))) l))
  end.
Definition dimension (shape : list nat) : Z :=
  fold_left Z.add (map snd (descend (list_sum shape) [(shape, 1%Z)])) 0%Z.

(* The dimension of (n - |mu|, mu) by hook lengths as a polynomial in n: the number of standard
   tableaux of mu over |mu|!, times n - |mu| - mu_i + i for i = 1, ..., |mu|. *)
Definition stable_dimension (n : Q) (mu : list nat) : Q :=
  let k := list_sum mu in
  let factors := map (fun i => add n (inject_Z (Z.of_nat i - Z.of_nat (k + nth (pred i) mu O)))) (seq 1 k) in
  let factorial := fold_left Z.mul (map Z.of_nat (seq 1 k)) 1%Z in
  fold_left mul factors (Qred (inject_Z (dimension mu) / inject_Z factorial)).

(* Characters by Frobenius's formula: the coefficient of x^(shape + delta) in the
   Vandermonde product times the power sums of the cycles. Each cycle lowers one
   exponent; two equal exponents cancel, and each exponent passed changes the sign. *)
Fixpoint exponents (shape : list nat) : list nat :=
  match shape with [] => [] | r :: rest => (r + length rest)%nat :: exponents rest end.
Fixpoint insert (e : nat) (l : list nat) : list nat :=
  match l with [] => [e] | x :: rest => if Nat.leb x e then e :: l else x :: insert e rest end.
Fixpoint lowered (k : nat) (before rest : list nat) (c : Z) : list (list nat * Z) :=
  match rest with
  | [] => []
  | e :: after =>
      (if Nat.leb k e && negb (existsb (Nat.eqb (e - k)) after)
       then let passed := length (filter (fun x => Nat.ltb (e - k) x) after) in
            [(rev before ++ insert (e - k) after, if Nat.even passed then c else (- c)%Z)]
       else [])
      ++ lowered k (e :: before) after c
  end.
Definition step_down (l : list (list nat * Z)) (k : nat) : list (list nat * Z) :=
  gather (flat_map (fun entry => lowered k [] (fst entry) (snd entry)) l).
Definition character (shape cycles : list nat) : Z :=
  value_at (exponents (map (fun _ => O) shape)) (fold_left step_down cycles [(exponents shape, 1%Z)]).
Definition cycles_of_length (k : nat) (cycles : list nat) : Q :=
  whole (length (filter (Nat.eqb k) cycles)).

(* Sequences of n tokens from v letters, with the chance of each. *)
Fixpoint words (n : nat) (letters : list (nat * Q)) : list (list nat * Q) :=
  match n with
  | O => [([], 1)]
  | S m => flat_map (fun rest =>
      map (fun t => (fst t :: fst rest, mul (snd t) (snd rest))) letters) (words m letters)
  end.

(* The kernel: matrices K_ab over the positions of two sequences, as lists of rows. *)
Definition matrix := list (list Q).
Definition entrywise (f : Q -> Q -> Q) (A B : matrix) : matrix :=
  map (fun rows => map (fun pair => f (fst pair) (snd pair)) (combine (fst rows) (snd rows))) (combine A B).
Definition total (A : matrix) : Q := sum (map sum A).
Definition size (A : matrix) : Q := whole (length A).
Definition trace (A : matrix) : Q :=
  sum (map (fun row => nth (fst row) (snd row) 0) (combine (seq 0 (length A)) A)).
(* K_ab = token [x_a = y_b] + position [a = b] + constant *)
Definition embedding (token position constant : Q) (x y : list nat) : matrix :=
  let places w := combine (seq 0 (length w)) w in
  map (fun a => map (fun b =>
    add (add (if Nat.eqb (snd a) (snd b) then token else 0) (if Nat.eqb (fst a) (fst b) then position else 0))
        constant) (places y)) (places x).
(* K'_ac = K_ac sum_bd K_bd E_bd, over L^2 where it is normalised *)
Definition attention (normalised : bool) (K E : matrix) : matrix :=
  let factor := total (entrywise mul K E) in
  let factor := if normalised then Qred (factor / (size K * size K)) else factor in
  map (map (mul factor)) K.
Definition residual (K before : matrix) : matrix := entrywise add K before.
Definition linear (weight bias : Q) (K : matrix) : matrix := map (map (fun e => add (mul weight e) bias)) K.
Definition mean_pool (K : matrix) : Q := Qred (total K / (size K * size K)).
Definition flatten (K : matrix) : Q := Qred (trace K / size K).
Definition at_last (K : matrix) : Q := last (last K []) 0.

(* The operator (T f)(x) = sum_y k(x, y) P(y) f(y), and the traces of its powers. *)
Definition operator (k : list nat -> list nat -> Q) (all : list (list nat * Q)) : matrix :=
  map (fun x => map (fun y => mul (k (fst x) (fst y)) (snd y)) all) all.
(* Powers of the operator are taken in integers: S = scale T. *)
Definition integers (scale : Z) (A : matrix) : list (list Z) :=
  map (map (fun q => Qnum (Qred (q * inject_Z scale)))) A.
Definition entries {A : Type} (rows : list (list A)) : list A := concat rows.
Definition columns (A : list (list Z)) : list (list Z) :=
  map (fun j => map (fun row => nth j row 0%Z) A) (seq 0 (length A)).
Definition dot (row column : list Z) : Z :=
  fold_left (fun total pair => (total + fst pair * snd pair)%Z) (combine row column) 0%Z.
Definition product (A columns_of_B : list (list Z)) : list (list Z) :=
  map (fun row => map (dot row) columns_of_B) A.
Definition trace_of (A : list (list Z)) : Z :=
  fold_left (fun total row => (total + nth (fst row) (snd row) 0)%Z) (combine (seq 0 (length A)) A) 0%Z.
Fixpoint traces (n : nat) (now columns_of_S : list (list Z)) : list Z :=
  match n with O => [] | S m => trace_of now :: traces m (product now columns_of_S) columns_of_S end.
(* scale^j times the j-th number, j = 1, 2, ... *)
Fixpoint rescaled (factor scale : Q) (l : list Q) : list Q :=
  match l with [] => [] | q :: rest => mul factor q :: rescaled (mul factor scale) scale rest end.

(* Power sums of the roots of x^m + c_(m-1) x^(m-1) + ... + c_0, by Newton's identities;
   the polynomial is given by its coefficients c_0, ..., c_(m-1), the sums found so far newest first. *)
Fixpoint weighted (descending newest : list Q) : Q :=
  match descending, newest with
  | c :: cs, p :: ps => add (mul c p) (weighted cs ps)
  | _, _ => 0
  end.
Fixpoint power_sums (n j : nat) (descending newest : list Q) : list Q :=
  match n with
  | O => []
  | S m =>
      let own := if Nat.leb j (length descending) then mul (whole j) (nth (pred j) descending 0) else 0 in
      let p := Qred (- add own (weighted descending newest)) in
      p :: power_sums m (S j) descending (p :: newest)
  end.
Fixpoint combined (n : nat) (sectors : list (Q * list Q)) : list Q :=
  match sectors with
  | [] => repeat 0 n
  | (dim, coefficients) :: rest =>
      map (fun pair => add (mul dim (fst pair)) (snd pair))
        (combine (power_sums n 1 (rev coefficients) []) (combined n rest))
  end.
