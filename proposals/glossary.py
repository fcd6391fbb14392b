"""Words of names: those that say little, places, numbers, and English ones in Indonesian."""

from __future__ import annotations

_FILLERS = """
    dan atau di ke dari untuk dengan yang pada bagi dalam oleh si se the of and for to in a an
    inovasi layanan pelayanan sistem aplikasi informasi online daring digital terpadu berbasis
    program gerakan kota kabupaten kelurahan kecamatan desa provinsi dinas badan upt uptd puskesmas
    rsud sd smp sma smk negeri publik masyarakat warga menggunakan melalui nol satu dua tiga empat
    lima enam tujuh delapan sembilan
"""
_PLACES = """
    malang blitar batu surabaya sidoarjo mojokerto pasuruan probolinggo kediri madiun jember
    banyuwangi bondowoso situbondo lumajang gresik lamongan tuban bojonegoro ngawi magetan ponorogo
    pacitan trenggalek tulungagung nganjuk jombang bangkalan sampang pamekasan sumenep jawa timur
    barat tengah utara selatan kalimantan sulawesi sumatera papua bali indonesia nusantara
    blimbing klojen kedungkandang lowokwaru sukun
"""
DIGITS = {
    "0": "nol", "1": "satu", "2": "dua", "3": "tiga", "4": "empat",
    "5": "lima", "6": "enam", "7": "tujuh", "8": "delapan", "9": "sembilan",
}  # fmt: skip
_ENGLISH = """
    waste=sampah garbage=sampah corner=pojok service=layanan services=layanan smart=cerdas
    trader=pedagang traders=pedagang market=pasar school=sekolah schools=sekolah house=rumah
    home=rumah social=sosial welfare=kesejahteraan validation=validasi healthy=sehat
    canteen=kantin management=pengelolaan system=sistem integrated=terpadu response=tanggap
    voice=suara woman=perempuan women=perempuan vulnerable=rentan group=kelompok groups=kelompok
    shrimp=udang farming=budidaya round=bundar pond=kolam ponds=kolam emergency=darurat
    installation=instalasi young=muda youth=remaja city=kota music=musik hypnotherapy=hipnoterapi
    child=anak children=anak village=desa health=kesehatan clinic=klinik family=keluarga
    families=keluarga mother=ibu mothers=ibu farmer=petani farmers=petani fish=ikan water=air
    citizen=warga citizens=warga public=publik complaint=pengaduan complaints=pengaduan tax=pajak
    education=pendidikan library=perpustakaan work=kerja worker=pekerja workers=pekerja
    migrant=migran tourism=pariwisata disaster=bencana elderly=lansia disability=disabilitas
    disabilities=disabilitas teacher=guru teachers=guru student=siswa students=siswa rice=padi
    land=lahan map=peta garden=kebun tree=pohon trees=pohon river=sungai fast=cepat easy=mudah
    free=gratis double=dua track=jalur mobile=keliling clean=bersih environment=lingkungan
    energy=energi economy=ekonomi creative=kreatif safe=aman hospital=rumahsakit patient=pasien
    patients=pasien doctor=dokter nurse=perawat coffee=kopi chicken=ayam cattle=sapi
    agriculture=pertanian food=pangan poor=miskin poverty=kemiskinan population=kependudukan
    license=izin permit=izin business=usaha small=kecil community=komunitas green=hijau
    friendly=ramah care=peduli together=bersama stop=cegah prevent=cegah
"""
FILLERS = frozenset(_FILLERS.split())
PLACES = frozenset(_PLACES.split())
ENGLISH = dict(pair.split("=") for pair in _ENGLISH.split())
